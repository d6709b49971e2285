package riverworkers

import (
	"errors"
	"net"
	"os"
	"testing"
	"time"
)

// TestPatientConn reads from somebody who says nothing: without a deadline of pgx's the
// read ends by itself, and pgx's own holds where it is sooner, whenever it is set.
func TestPatientConn(t *testing.T) {
	t.Parallel()
	const never = time.Hour
	for name, wanted := range map[string]struct {
		wait time.Duration
		set  func(t *testing.T, conn net.Conn)
	}{
		"no deadline":            {wait: 10 * time.Millisecond, set: func(*testing.T, net.Conn) {}},
		"a later deadline":       {wait: 10 * time.Millisecond, set: deadline(never)},
		"one that was taken off": {wait: 10 * time.Millisecond, set: deadline(-1, 0)},
		"a sooner deadline":      {wait: never, set: deadline(10 * time.Millisecond)},
		"one that has passed":    {wait: never, set: deadline(-1)},
		"one while it reads": {wait: never, set: func(t *testing.T, conn net.Conn) {
			time.AfterFunc(10*time.Millisecond, func() { deadline(-1)(t, conn) })
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			near, far := net.Pipe()
			defer near.Close()
			defer far.Close()
			conn := &patientConn{Conn: near, wait: wanted.wait}
			wanted.set(t, conn)
			if n, err := conn.Read(make([]byte, 1)); !errors.Is(err, os.ErrDeadlineExceeded) {
				t.Errorf("read %d bytes, and %v", n, err)
			}
			if wanted.wait == never {
				return
			}
			if n, err := conn.Write([]byte("?")); !errors.Is(err, os.ErrDeadlineExceeded) {
				t.Errorf("wrote %d bytes, and %v", n, err)
			}
		})
	}
}

// deadline sets deadlines one after another, as far from now; 0 takes them off.
func deadline(from ...time.Duration) func(t *testing.T, conn net.Conn) {
	return func(t *testing.T, conn net.Conn) {
		for _, d := range from {
			at := time.Now().Add(d)
			if d == 0 {
				at = time.Time{}
			}
			if err := conn.SetDeadline(at); err != nil {
				t.Error(err)
			}
		}
	}
}
