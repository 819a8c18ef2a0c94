package cli

import (
	"github.com/spf13/pflag"
)

// laterFlags are flags that tshark has, or that a later version will have. They
// are known here so that nobody takes their refusal for a slip of the finger.
func laterFlags() *pflag.FlagSet {
	f := pflag.NewFlagSet("", pflag.ContinueOnError)
	f.StringArrayP("display-filter", "Y", nil, "")
	f.VisitAll(func(flag *pflag.Flag) { flag.Hidden = true })
	return f
}

// refuseLater fails if one of the flags was given.
func refuseLater(f *pflag.FlagSet) error {
	var refused error
	f.VisitAll(func(flag *pflag.Flag) {
		if !flag.Changed || refused != nil {
			return
		}
		name := "--" + flag.Name
		if flag.Shorthand != "" {
			name = "-" + flag.Shorthand
		}
		refused = misuse("", "%s is not in this version", name)
	})
	return refused
}
