package follow

import (
	"context"
	"errors"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// A watch wakes up whoever waits when the file may have changed: by inotify,
// and now and then in any case, because files on other machines change
// without a sign.
type watch struct{ fd int }

func newWatch(name string) *watch {
	fd, err := unix.InotifyInit1(unix.IN_CLOEXEC | unix.IN_NONBLOCK)
	if err != nil {
		return &watch{-1}
	}
	// What cannot be watched is looked at now and then.
	_, _ = unix.InotifyAddWatch(fd, name, unix.IN_MODIFY)
	_, _ = unix.InotifyAddWatch(fd, filepath.Dir(name), unix.IN_CREATE|unix.IN_MOVED_TO)
	return &watch{fd}
}

// wait waits until something may have changed.
func (w *watch) wait(ctx context.Context) {
	if w.fd < 0 {
		pause(ctx)
		return
	}
	fds := []unix.PollFd{{Fd: int32(w.fd), Events: unix.POLLIN}}
	if n, err := unix.Poll(fds, int(look.Milliseconds())); n == 0 || errors.Is(err, unix.EINTR) {
		return
	}
	var events [4 << 10]byte
	for {
		if n, err := unix.Read(w.fd, events[:]); n <= 0 || err != nil {
			return
		}
	}
}

func (w *watch) close() {
	if w.fd >= 0 {
		_ = unix.Close(w.fd)
	}
}
