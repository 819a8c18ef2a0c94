package sandbox

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/landlock-lsm/go-landlock/landlock"
	landlocksys "github.com/landlock-lsm/go-landlock/landlock/syscall"
	"golang.org/x/sys/unix"
)

// apply goes from what needs privileges to what takes the last of them away.
func apply(p Policy) ([]string, error) {
	who, err := p.identity()
	if err != nil {
		return nil, err
	}
	if err := dropPrivileges(who, p); err != nil {
		return nil, err
	}
	var missing []string
	for _, protect := range []func(Policy) (string, error){restrictFiles, restrictCalls} {
		without, err := protect(p)
		if err != nil {
			return nil, err
		}
		if without != "" {
			missing = append(missing, without)
		}
	}
	return missing, nil
}

// systemFiles are read now and then by the Go and C libraries: what time it is
// elsewhere, how interfaces do, what the terminal can.
var systemFiles = [...]string{
	"/etc/localtime", "/usr/share/zoneinfo",
	"/sys/class/net", "/sys/devices",
	"/usr/share/terminfo", "/lib/terminfo", "/etc/terminfo",
}

// restrictFiles leaves the process the files of the policy, and no connections
// over TCP. Landlock since version 6 could also keep signals within the
// process; but kernels before 6.15 then keep threads from signalling each
// other, as the Go runtime does. So version 5 is the most that is asked for.
func restrictFiles(p Policy) (without string, err error) {
	version, err := landlocksys.LandlockGetABIVersion()
	if err != nil || version < 1 {
		return "this kernel has no Landlock: files are protected by their permissions alone", nil
	}
	rules := []landlock.Rule{landlock.RWFiles("/dev/null").IgnoreIfMissing()}
	for _, path := range append(systemFiles[:], p.Read...) {
		rule, err := readable(path)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return "", err
		}
		rules = append(rules, rule)
	}
	for _, folder := range p.Write {
		rules = append(rules, landlock.PathAccess(writing, folder).IgnoreIfMissing())
	}
	if err := landlock.V5.BestEffort().Restrict(rules...); err != nil {
		return "", fmt.Errorf("cannot restrict access to files: %w", err)
	}
	return "", nil
}

// writing is what making and replacing files takes. What others have in the
// folder cannot be read.
const writing = landlocksys.AccessFSWriteFile | landlocksys.AccessFSTruncate |
	landlocksys.AccessFSMakeReg | landlocksys.AccessFSRemoveFile

func readable(path string) (landlock.Rule, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	const file = landlocksys.AccessFSReadFile
	if info.IsDir() {
		return landlock.PathAccess(file|landlocksys.AccessFSReadDir, path).IgnoreIfMissing(), nil
	}
	return landlock.PathAccess(file, path).IgnoreIfMissing(), nil
}

// restrictCalls takes away system calls that the process has no need of.
func restrictCalls(p Policy) (without string, err error) {
	err = loadFilter(filter(p.Capture))
	if errors.Is(err, unix.ENOSYS) || errors.Is(err, unix.EINVAL) || errors.Is(err, errArchitecture) {
		return "system calls cannot be filtered here: all of them stay open", nil
	}
	if err != nil {
		return "", fmt.Errorf("cannot restrict system calls: %w", err)
	}
	return "", nil
}
