package dissect

import (
	"strings"
	"testing"
)

// What is shown of a push message's tokens is the same wherever they stand: in the
// XML, and in the values of fields.
func TestPushTokens(t *testing.T) {
	token := "bk3RNwTe3H0:CI2k_HHwgIpoDKCIZvvDMExUdFQ3P1"
	const shown = "bk3RNwTe"
	for _, c := range []struct {
		key, value, address, words string
	}{
		{"to", token, shown + "…", shown + "…"},
		{"from", token[:39], token[:39], token[:39]},
		{"registration_id", "/topics/" + token, "/topics/" + token, "/topics/…"},
		{"to", token + "@gcm.example.com", token + "@gcm.example.com", shown + "…"},
		{"error_description", "Invalid token: " + token + " for you", "Invalid …", "Invalid token: " + shown + "… for you"},
		{"error_description", token + "  " + token, shown + "…", shown + "…  " + shown + "…"},
		{"to", "", "", ""},
		{"message_id", token, shown + "…", shown + "…"},
	} {
		if got := string(AppendPushAddress(nil, []byte(c.value))); got != c.address {
			t.Errorf("the address %s is shown as %q, want %q", c.value, got, c.address)
		}
		if got := string(AppendPushWords(nil, []byte(c.value))); got != c.words {
			t.Errorf("the words %s are shown as %q, want %q", c.value, got, c.words)
		}
		text, shownText, at := `{ "`+c.key+`" : "`+c.value+`" }`, "", 0
		eachToken([]byte(text), func(off, end int) {
			shownText, at = shownText+text[at:off]+"…", end
		})
		shownText += text[at:]
		want := c.value // of no interest to anybody
		switch {
		case c.key == "error_description":
			want = c.words
		case holdsToken([]byte(c.key)):
			want = c.address
		}
		if !strings.HasSuffix(shownText, `"`+want+`" }`) {
			t.Errorf("%s is shown as %s, want %s in it", text, shownText, want)
		}
	}
}
