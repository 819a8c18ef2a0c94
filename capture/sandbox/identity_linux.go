package sandbox

import (
	"errors"
	"fmt"
	"os"
	"os/user"
	"strconv"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
	"kernel.org/pub/linux/libs/security/libcap/psx"
)

// identity is a user and the one group that is kept.
type identity struct{ uid, gid int }

// identity returns who the process is to become, or nil if it stays who it is.
func (p Policy) identity() (*identity, error) {
	if p.User != "" {
		who, err := lookUp(p.User)
		switch {
		case err != nil:
			return nil, err
		case os.Geteuid() == 0:
			return who, nil
		case who.uid == os.Geteuid():
			return nil, nil
		}
		return nil, fmt.Errorf("only root can become the user %s", p.User)
	}
	if p.KeepUser || os.Geteuid() != 0 {
		return nil, nil
	}
	uid, err := strconv.ParseUint(os.Getenv("SUDO_UID"), 10, 31)
	gid, err2 := strconv.ParseUint(os.Getenv("SUDO_GID"), 10, 31)
	if err != nil || err2 != nil {
		return nil, nil
	}
	return &identity{int(uid), int(gid)}, nil
}

// lookUp finds a user by name or number.
func lookUp(called string) (*identity, error) {
	u, err := user.Lookup(called)
	if err != nil {
		u, err = user.LookupId(called)
	}
	if err != nil {
		return nil, fmt.Errorf("there is no user %q", called)
	}
	uid, err := strconv.Atoi(u.Uid)
	gid, err2 := strconv.Atoi(u.Gid)
	return &identity{uid, gid}, errors.Join(err, err2)
}

// dropPrivileges becomes who it is told, if anybody, and gives up all
// capabilities but, if wanted, that to capture. In any case it gives up the
// right to gain privileges by running programs. It does so in all threads.
func dropPrivileges(who *identity, p Policy) error {
	if who != nil || !p.KeepUser {
		if err := dropBounds(); err != nil {
			return fmt.Errorf("cannot give up capabilities: %w", err)
		}
		if err := become(who); err != nil {
			return fmt.Errorf("cannot become the user %d: %w", who.uid, err)
		}
		if err := limitCapabilities(p.Capture); err != nil {
			return fmt.Errorf("cannot give up capabilities: %w", err)
		}
	}
	if err := everyThread(unix.SYS_PRCTL, unix.PR_SET_NO_NEW_PRIVS, 1, 0); err != nil {
		return fmt.Errorf("cannot give up new privileges: %w", err)
	}
	return nil
}

// dropBounds empties the set of capabilities that programs could give, where
// the process may. Where it may not, no_new_privs does as much.
func dropBounds() error {
	has, err := capabilities()
	if err != nil || has[0].Effective&(1<<unix.CAP_SETPCAP) == 0 {
		return err
	}
	for capability := range uintptr(unix.CAP_LAST_CAP + 1) {
		err := everyThread(unix.SYS_PRCTL, unix.PR_CAPBSET_DROP, capability, 0)
		if err != nil && !errors.Is(err, unix.EINVAL) { // which says that this kernel has no such capability
			return err
		}
	}
	return nil
}

// become changes the user and the groups, keeping the permitted capabilities.
func become(who *identity) error {
	if who == nil {
		return nil
	}
	return errors.Join(
		everyThread(unix.SYS_PRCTL, unix.PR_SET_KEEPCAPS, 1, 0),
		syscall.Setgroups(nil),
		syscall.Setresgid(who.gid, who.gid, who.gid),
		syscall.Setresuid(who.uid, who.uid, who.uid),
		everyThread(unix.SYS_PRCTL, unix.PR_SET_KEEPCAPS, 0, 0))
}

// limitCapabilities gives up all capabilities, or all but CAP_NET_RAW.
func limitCapabilities(keepRaw bool) error {
	has, err := capabilities()
	if err != nil {
		return err
	}
	var keep [2]unix.CapUserData
	if keepRaw {
		raw := has[0].Permitted & (1 << unix.CAP_NET_RAW)
		keep[0] = unix.CapUserData{Effective: raw, Permitted: raw}
	}
	header := capabilityHeader() // whose process number, 0, is each thread itself
	return everyThread(unix.SYS_CAPSET,
		uintptr(unsafe.Pointer(&header)), uintptr(unsafe.Pointer(&keep[0])), 0)
}

// capabilities returns what this thread has.
func capabilities() (has [2]unix.CapUserData, err error) {
	header := capabilityHeader()
	err = unix.Capget(&header, &has[0])
	return has, err
}

func capabilityHeader() unix.CapUserHeader {
	return unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}
}

// everyThread makes a system call in all threads of the process, those of C
// libraries included.
//
//go:uintptrescapes
func everyThread(call, a, b, c uintptr) error {
	if _, _, errno := psx.Syscall6(call, a, b, c, 0, 0, 0); errno != 0 {
		return errno
	}
	return nil
}
