package traffic

// spelling is the way in which a program writes XML.
type spelling struct {
	quote    byte   // around attribute values
	end      string // of an empty element
	backward bool   // attributes in the opposite order
}

// spellings are those of the clients. The server has the first.
var spellings = [...]spelling{
	{quote: '\'', end: "/>"},
	{quote: '"', end: "/>"},
	{quote: '"', end: " />", backward: true},
	{quote: '\'', end: "/>", backward: true},
	{quote: '"', end: "/>", backward: true},
}

// markup is XML being written.
type markup struct {
	b []byte
	spelling
}

// open writes a start tag with attributes, each a name and a value; those with
// an empty value are left out.
func (m *markup) open(name string, attributes ...string) {
	m.tag(name, attributes)
	m.b = append(m.b, '>')
}

// empty writes an element without content.
func (m *markup) empty(name string, attributes ...string) {
	m.tag(name, attributes)
	m.b = append(m.b, m.end...)
}

// element writes an element that holds text, which is written as it is.
func (m *markup) element(name, text string, attributes ...string) {
	m.open(name, attributes...)
	m.text(text)
	m.close(name)
}

func (m *markup) text(s string) { m.b = append(m.b, s...) }

func (m *markup) close(name string) {
	m.b = append(m.b, '<', '/')
	m.b = append(m.b, name...)
	m.b = append(m.b, '>')
}

func (m *markup) tag(name string, attributes []string) {
	m.b = append(m.b, '<')
	m.b = append(m.b, name...)
	for i := 0; i < len(attributes); i += 2 {
		k := i
		if m.backward {
			k = len(attributes) - 2 - i
		}
		if attributes[k+1] == "" {
			continue
		}
		m.b = append(m.b, ' ')
		m.b = append(m.b, attributes[k]...)
		m.b = append(m.b, '=', m.quote)
		m.b = append(m.b, attributes[k+1]...)
		m.b = append(m.b, m.quote)
	}
}
