package cli

import (
	"fmt"
	"io"
	"runtime"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"

	"talktrace/capture/live"
)

func newVersion() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Show the version, the commit and the Go version it was built with",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			_, err := io.WriteString(cmd.OutOrStdout(), version()+"\n")
			return err
		},
	}
}

// version says what the build recorded about itself.
func version() string {
	parts := []string{"talktrace"}
	if info, ok := debug.ReadBuildInfo(); ok {
		parts = append(parts, describe(info))
	}
	parts = append(parts, runtime.Version(), runtime.GOOS+"/"+runtime.GOARCH)
	if !live.Built {
		parts = append(parts, "without live capture")
	}
	return strings.Join(parts, " ")
}

func describe(info *debug.BuildInfo) string {
	text := info.Main.Version
	settings := map[string]string{}
	for _, s := range info.Settings {
		settings[s.Key] = s.Value
	}
	if commit := settings["vcs.revision"]; commit != "" {
		text = fmt.Sprintf("%s (commit %.12s)", text, commit)
	}
	return strings.TrimSpace(text)
}
