package cli

import (
	"bytes"
	"fmt"
	"io"
	"strconv"
	"strings"

	"talktrace/capture"
	"talktrace/capture/live"
	"talktrace/report/escape"
)

// listInterfaces writes what can be captured on, numbered as -i takes it.
func listInterfaces(w io.Writer) error {
	list, err := live.Interfaces()
	if err != nil {
		return err
	}
	var out bytes.Buffer
	for n, i := range list {
		fmt.Fprintf(&out, "%d. %s\n", n+1, escape.Text(nil, []byte(describeInterface(&i))))
	}
	_, err = w.Write(out.Bytes())
	return err
}

// describeInterface says what is known of an interface, in a line.
func describeInterface(i *live.Interface) string {
	line := i.Name
	if i.Description != "" {
		line += " (" + i.Description + ")"
	}
	state := "down"
	switch {
	case i.Up && i.Running:
		state = "up"
	case i.Up:
		state = "up, not connected"
	}
	facts := []string{state}
	if i.Loopback {
		facts = append(facts, "loopback")
	}
	for _, link := range i.Links {
		if name := linkNames[link]; name != "" {
			facts = append(facts, name)
		}
	}
	if i.Default {
		facts = append(facts, "default route")
	}
	line += " [" + strings.Join(facts, ", ") + "]"
	for _, a := range i.Addresses {
		line += " " + a.String()
	}
	return line
}

// linkNames names the link types that are known before an interface is opened.
var linkNames = map[capture.LinkType]string{
	capture.LinkEthernet: "Ethernet",
	capture.LinkRaw:      "raw IP",
	capture.LinkLinuxSLL: "cooked",
}

// interfaceName returns the name of the interface that a user calls by its name
// or by its number in the list.
func interfaceName(called string) (string, error) {
	n, err := strconv.Atoi(called)
	if err != nil {
		return called, nil
	}
	list, err := live.Interfaces()
	if err != nil {
		return "", err
	}
	if n < 1 || n > len(list) {
		return "", misuse("talktrace -D lists the interfaces", "there is no interface number %d", n)
	}
	return list[n-1].Name, nil
}
