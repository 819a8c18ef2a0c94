package sandbox

import (
	"errors"
	"runtime"
	"unsafe"

	"golang.org/x/sys/unix"
)

// errArchitecture says that the numbers of the system calls are not known.
var errArchitecture = errors.New("unknown architecture")

// refused are the system calls that always fail with EPERM, by what they would
// be for. A list of what is allowed would be shorter to argue for, but would
// have to know all that the Go runtime and the C library come to use.
var refused = [...]uint32{
	// Sending to anybody and hearing from them.
	unix.SYS_SOCKETPAIR, unix.SYS_CONNECT, unix.SYS_LISTEN, unix.SYS_SENDMSG, unix.SYS_SENDMMSG,
	// What would do the same, and more, out of this filter's sight.
	unix.SYS_IO_URING_SETUP, unix.SYS_IO_URING_ENTER, unix.SYS_IO_URING_REGISTER,
	// Running other programs.
	unix.SYS_EXECVE, unix.SYS_EXECVEAT,
	// Other processes.
	unix.SYS_PTRACE, unix.SYS_PROCESS_VM_READV, unix.SYS_PROCESS_VM_WRITEV, unix.SYS_PIDFD_OPEN,
	unix.SYS_PIDFD_GETFD, unix.SYS_KCMP, unix.SYS_PERF_EVENT_OPEN,
	// Another view of the system.
	unix.SYS_UNSHARE, unix.SYS_SETNS, unix.SYS_CHROOT, unix.SYS_PIVOT_ROOT, unix.SYS_MOUNT, unix.SYS_UMOUNT2,
	unix.SYS_OPEN_TREE, unix.SYS_MOVE_MOUNT, unix.SYS_FSOPEN, unix.SYS_FSCONFIG, unix.SYS_FSMOUNT,
	unix.SYS_FSPICK, unix.SYS_MOUNT_SETATTR, unix.SYS_OPEN_BY_HANDLE_AT,
	// Rarely used parts of the kernel, in which mistakes have been found.
	unix.SYS_BPF, unix.SYS_USERFAULTFD, unix.SYS_ADD_KEY, unix.SYS_REQUEST_KEY, unix.SYS_KEYCTL,
	unix.SYS_PERSONALITY, unix.SYS_INIT_MODULE, unix.SYS_FINIT_MODULE, unix.SYS_DELETE_MODULE,
	unix.SYS_KEXEC_LOAD, unix.SYS_REBOOT, unix.SYS_SWAPON, unix.SYS_SWAPOFF, unix.SYS_ACCT,
}

// refusedUnlessCapturing are those that it takes to open an interface. To send is
// what libpcap alone needs, to ask the kernel over netlink.
var refusedUnlessCapturing = [...]uint32{unix.SYS_SOCKET, unix.SYS_BIND, unix.SYS_SENDTO}

// Offsets in struct seccomp_data, linux/seccomp.h. Of an argument, the half
// with the small numbers comes first on all architectures known here.
const (
	dataCall         = 0
	dataArchitecture = 4
	dataArgument     = 16
)

// x32 marks the system calls of the x32 ABI on x86-64.
const x32 = 0x40000000

// filter returns the program that judges system calls. A call by the numbers
// of another architecture, as a 64-bit process may make them too, would be
// something else than its number says: it ends the process.
func filter(capture bool) []unix.SockFilter {
	load := func(offset uint32) unix.SockFilter {
		return unix.SockFilter{Code: unix.BPF_LD | unix.BPF_W | unix.BPF_ABS, K: offset}
	}
	unless := func(op uint16, value uint32, skip uint8) unix.SockFilter {
		return unix.SockFilter{Code: unix.BPF_JMP | op | unix.BPF_K, K: value, Jf: skip}
	}
	give := func(verdict uint32) unix.SockFilter {
		return unix.SockFilter{Code: unix.BPF_RET | unix.BPF_K, K: verdict}
	}
	const deny = unix.SECCOMP_RET_ERRNO | uint32(unix.EPERM)
	program := []unix.SockFilter{
		load(dataArchitecture),
		{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, K: architectures[runtime.GOARCH], Jt: 1},
		give(unix.SECCOMP_RET_KILL_PROCESS),
		load(dataCall),
	}
	if runtime.GOARCH == "amd64" {
		program = append(program, unless(unix.BPF_JGE, x32, 1), give(deny))
	}
	calls := refused[:len(refused):len(refused)]
	if !capture {
		calls = append(calls, refusedUnlessCapturing[:]...)
	} else if !withLibpcap {
		calls = append(calls, unix.SYS_SENDTO)
	}
	for _, call := range calls {
		program = append(program, unless(unix.BPF_JEQ, call, 1), give(deny))
	}
	if capture {
		program = append(program,
			unless(unix.BPF_JEQ, unix.SYS_SOCKET, 4),
			load(dataArgument),
			unix.SockFilter{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, K: unix.AF_PACKET, Jt: 2},
			unix.SockFilter{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, K: unix.AF_NETLINK, Jt: 1},
			give(deny))
	}
	return append(program, give(unix.SECCOMP_RET_ALLOW))
}

// architectures are the ones whose calls this file is compiled for, as the
// kernel calls them.
var architectures = map[string]uint32{
	"amd64":   unix.AUDIT_ARCH_X86_64,
	"arm64":   unix.AUDIT_ARCH_AARCH64,
	"riscv64": unix.AUDIT_ARCH_RISCV64,
	"loong64": unix.AUDIT_ARCH_LOONGARCH64,
}

// loadFilter puts all threads under the filter.
func loadFilter(program []unix.SockFilter) error {
	if architectures[runtime.GOARCH] == 0 {
		return errArchitecture
	}
	fprog := unix.SockFprog{Len: uint16(len(program)), Filter: &program[0]}
	thread, _, errno := unix.Syscall(unix.SYS_SECCOMP, unix.SECCOMP_SET_MODE_FILTER,
		unix.SECCOMP_FILTER_FLAG_TSYNC, uintptr(unsafe.Pointer(&fprog)))
	switch {
	case errno != 0:
		return errno
	case thread != 0:
		return errors.New("a thread has a filter of its own")
	}
	return nil
}
