package cli

import (
	"context"
	"errors"

	"github.com/spf13/pflag"

	"talktrace/dissect"
	"talktrace/dissect/engine"
)

// pass is one way through capture files, for the verbs that read them from
// their beginning to their end.
type pass struct {
	o   *options
	in  *input
	run *engine.Run
}

// passFlags defines the flags by which such a verb is told what to read, and
// how.
func (o *options) passFlags() *pflag.FlagSet {
	f := o.readingFlags()
	for _, name := range []string{"interface", "capture-filter", "snapshot-length", "no-promiscuous-mode"} {
		f.Lookup(name).Hidden = true
	}
	return f
}

// colorFlag defines --color for a verb whose lines can be coloured.
func (o *options) colorFlag(f *pflag.FlagSet, what string) {
	f.StringVar(&o.color, "color", "auto", what+": `WHEN` is auto, always or never;\nNO_COLOR is honoured by auto")
}

// opened opens the input for as many passes as are needed; rights that only
// opening needs are given up then. Who calls it closes the passes.
func (o *options) opened(ctx context.Context, s Streams, wanted ...dissect.Options) ([]*pass, error) {
	if err := o.check(s); err != nil {
		return nil, err
	}
	if len(o.interfaces) > 0 {
		return nil, misuse("write the frames to a file with -w first", "this is for capture files, not for an interface")
	}
	keys, err := o.keys.load(false)
	if err != nil {
		return nil, err
	}
	var passes []*pass
	for _, w := range wanted {
		in, err := openInput(ctx, o, s, nil, nil, keys)
		if err != nil {
			return nil, errors.Join(err, closeAll(passes))
		}
		w.ShowSecrets, w.MaxStanza = o.showSecrets, int(o.maxStanza)
		p := &pass{o: o, in: in}
		p.run = engine.New(in, engine.Options{Options: w, Keys: keys, Workers: o.workers, Ports: o.decodeAs, Count: o.frames()})
		passes = append(passes, p)
	}
	if err := o.confine(s); err != nil {
		return nil, errors.Join(err, closeAll(passes))
	}
	return passes, nil
}

func closeAll(passes []*pass) error {
	var all error
	for _, p := range passes {
		all = errors.Join(all, p.in.Close())
	}
	return all
}

// each calls take for every row. It returns what went wrong in reading, and what
// take returned, which ends the pass.
func (p *pass) each(take func(e *dissect.Event) error) (read, taken error) {
	for e, err := range p.run.Events() {
		if err != nil {
			return err, nil
		}
		if err := take(e); err != nil {
			return nil, err
		}
	}
	return nil, nil
}
