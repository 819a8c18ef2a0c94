package cli

import (
	"bytes"
	"fmt"
	"io"
	"strconv"

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
	for i, in := range list {
		fmt.Fprintf(&out, "%d. %s", i+1, escape.Text(nil, []byte(in.Name)))
		if in.Description != "" {
			fmt.Fprintf(&out, " (%s)", escape.Text(nil, []byte(in.Description)))
		}
		for _, a := range in.Addresses {
			fmt.Fprintf(&out, " %s", a)
		}
		out.WriteByte('\n')
	}
	_, err = w.Write(out.Bytes())
	return err
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
