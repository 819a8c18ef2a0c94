package cli

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"talktrace/dissect/engine"
)

// decodeAs says what is spoken on TCP ports, whatever their content looks like.
type decodeAs map[uint16]string

func (d *decodeAs) Set(spec string) error {
	ports, err := engine.ParsePorts(spec)
	if err != nil {
		return err
	}
	if *d == nil {
		*d = make(decodeAs)
	}
	maps.Copy(*d, ports)
	return nil
}

func (d *decodeAs) String() string {
	var all []string
	for port, protocol := range *d {
		all = append(all, fmt.Sprintf("tcp.port==%d,%s", port, protocol))
	}
	slices.Sort(all)
	return strings.Join(all, " ")
}

func (d *decodeAs) Type() string { return "spec" }
