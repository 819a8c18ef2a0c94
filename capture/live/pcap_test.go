//go:build cgo

package live

import (
	"testing"

	"talktrace/capture"
)

func TestAny(t *testing.T) {
	c := open(t.Context(), t, "any", Options{Promiscuous: true, Ports: []uint16{5222}})
	if link := c.lines[0].dev.(*pcapDevice).link; link != capture.LinkLinuxSLL && link != capture.LinkLinuxSLL2 {
		t.Errorf("any has link type %d", link)
	}
}
