package cli

import (
	"os"
	"runtime"
	"slices"

	"github.com/spf13/pflag"

	"talktrace/capture/follow"
	"talktrace/capture/live"
	"talktrace/dissect/engine"
)

// capturing are the flags that say how frames are captured as they come, and
// with what rights.
type capturing struct {
	promiscuous bool
	buffer      int
	wait        bool
	follow      bool
	user        string
	noSandbox   bool
}

func (c *capturing) flags(f *pflag.FlagSet) {
	f.BoolVar(&c.promiscuous, "promiscuous", false, "capture also what is not for this machine (live only)")
	f.IntVarP(&c.buffer, "buffer-size", "B", 0, "let the kernel hold up to `MiB` of frames for each interface\n(default 16; live only)")
	f.BoolVar(&c.wait, "wait", false, "wait for an interface, or a file with --follow, that is not there\nor goes away")
	f.BoolVar(&c.follow, "follow", false, "go on at the end of a FILE that is still being written, and with\nthe file that takes its place")
	f.StringVar(&c.user, "user", "", "capture as root, then become `NAME` (default: the user of sudo)")
	f.BoolVar(&c.noSandbox, "no-sandbox", false, "keep all rights while traffic is decoded")
}

// check finds mistakes in how these flags go together, and with others.
func (c *capturing) check(o *options) error {
	interfaces := len(o.interfaces) > 0 && len(o.pipes()) == 0
	switch {
	case !interfaces && (c.promiscuous || c.buffer != 0):
		return misuse("", "--promiscuous and -B go with -i INTERFACE")
	case c.buffer < 0 || c.buffer > live.MaxBuffer:
		return misuse("", "-B: want 1 to %d MiB", live.MaxBuffer)
	case c.follow && (len(o.files) != 1 || o.files[0] == "-"):
		return misuse("a pipe is followed without it: tail -f FILE | talktrace -i -", "--follow goes with one -r FILE")
	case c.wait && !interfaces && !c.follow:
		return misuse("", "--wait goes with -i INTERFACE or --follow")
	case c.noSandbox && c.user != "":
		return misuse("", "--user and --no-sandbox contradict each other")
	case len(o.pipes()) > 0 && len(o.pipes()) < len(o.interfaces), len(o.pipes()) > 1:
		return misuse("", "-i takes interfaces or one pipe, not both")
	}
	return nil
}

// pipes returns those of -i that are no interfaces but capture streams: "-" and
// named pipes.
func (o *options) pipes() []string {
	return slices.DeleteFunc(slices.Clone(o.interfaces), func(name string) bool {
		return name != "-" && !isPipe(name)
	})
}

// webPorts are those that XEP-0124 and XEP-0206 have registered for BOSH, and
// that servers use for WebSockets as well.
var webPorts = [...]uint16{5280, 5281}

// capture captures on interfaces. Without a capture filter, and unless other
// ports are to be decoded, what cannot be XMPP is left out.
func (in *input) capture(o *options, s Streams) error {
	to := live.Options{
		Filter:      o.filter,
		Snaplen:     o.snaplen,
		Promiscuous: o.capturing.promiscuous,
		BufferMiB:   o.capturing.buffer,
		Wait:        o.capturing.wait,
		Notice:      func(text string) { notice(s.Err, text) },
	}
	if o.filter == "" && len(o.decodeAs) == 0 {
		to.Ports = slices.Sorted(slices.Values(append(engine.Ports(), webPorts[:]...)))
	}
	var names []string
	for _, called := range o.interfaces {
		name, err := interfaceName(called)
		if err != nil {
			return err
		}
		if slices.Contains(names, name) {
			return misuse("", "-i %s is given twice", name)
		}
		names = append(names, name)
	}
	c, err := live.Open(in.ctx, names, to)
	if err != nil {
		return err
	}
	in.Source, in.drains = c, true
	giveWay(len(names))
	if len(to.Ports) > 0 {
		notice(s.Err, "the capture filter is: "+live.PortFilter(to.Ports)+" (-f replaces it)")
	}
	return nil
}

// giveWay lets those who capture run beside those who decode, of whom there are
// as many as processors. Else a frame would wait in the kernel until one of them
// has had its turn. Whoever sets GOMAXPROCS knows better.
func giveWay(interfaces int) {
	if os.Getenv("GOMAXPROCS") == "" {
		runtime.GOMAXPROCS(runtime.GOMAXPROCS(0) + interfaces)
	}
}

// follow reads a file that grows.
func (in *input) follow(o *options, s Streams) error {
	src, err := follow.Open(in.ctx, o.files[0], follow.Options{
		Wait:   o.capturing.wait,
		Notice: func(text string) { notice(s.Err, text) },
		Hooks:  in.hooks(),
	})
	if err != nil {
		return err
	}
	in.Source, in.drains = src, true
	return nil
}
