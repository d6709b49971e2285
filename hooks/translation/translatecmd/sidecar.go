package translatecmd

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/gofrs/flock"
)

// sidecarEnding stands behind the output's path in the sidecar's.
const sidecarEnding = ".verso"

// sidecar is the file beside the output in which a run is kept. It is locked as
// long as it is open.
type sidecar struct {
	path string
	lock *flock.Flock
	file *os.File
	size int64 // of what is whole
}

// sidecarMode says what to do about a sidecar that is not there, or not whole.
type sidecarMode struct {
	create  bool // make it; else [fs.ErrNotExist] is returned
	damaged bool // take what can be read of it
}

// openSidecar opens and locks a sidecar and reads it.
func openSidecar(path string, mode sidecarMode) (*sidecar, []record, error) {
	for {
		s, err := lockSidecar(path, mode.create)
		if err != nil {
			return nil, nil, err
		}
		if s == nil {
			continue // it was removed while it was opened
		}
		records, err := s.read()
		if err != nil && (!mode.damaged || errors.Is(err, errForeign)) {
			s.close()
			return nil, nil, unusable(path, err)
		}
		return s, records, nil
	}
}

// lockSidecar returns nil where the file was removed by who held it before.
func lockSidecar(path string, create bool) (*sidecar, error) {
	flags := os.O_RDWR | os.O_APPEND
	if create {
		flags |= os.O_CREATE
	}
	file, err := os.OpenFile(path, flags, 0o600)
	if errors.Is(err, fs.ErrNotExist) && !create {
		return nil, fmt.Errorf("open sidecar: %w", err)
	}
	if err != nil {
		return nil, failed("%s cannot be opened: %s", path, reason(err))
	}
	s := &sidecar{path: path, file: file, lock: flock.New(path, flock.SetFlag(os.O_RDWR))}
	locked, err := s.lock.TryLock()
	if errors.Is(err, fs.ErrNotExist) {
		s.close()
		return nil, nil
	}
	if err != nil || !locked {
		s.close()
		if err != nil {
			return nil, failed("%s cannot be locked: %s", path, reason(err))
		}
		return nil, failed("%s is in use: another verso translate writes this translation. Wait for it, or give another file with -o.", path)
	}
	if !s.isInPlace() {
		s.close()
		return nil, nil
	}
	return s, nil
}

// isInPlace reports whether what was opened and locked is what stands at the path.
func (s *sidecar) isInPlace() bool {
	there, err := os.Stat(s.path)
	if err != nil {
		return false
	}
	opened, err := s.file.Stat()
	if err != nil || !os.SameFile(there, opened) {
		return false
	}
	locked, err := s.lock.Stat()
	return err == nil && os.SameFile(there, locked)
}

// unusable says what to do about a sidecar that cannot be used.
func unusable(path string, err error) *Exit {
	if errors.Is(err, errForeign) {
		return wrongUse("%s stands where this command keeps its progress, and %v. Move it away, or give another file with -o.", path, err)
	}
	return failed("%s cannot be used: %s. Add --restart to throw it away and begin anew.", path, reason(err))
}

// read returns the records, and drops a line at the end that was torn.
func (s *sidecar) read() ([]record, error) {
	data, err := io.ReadAll(s.file)
	if err != nil {
		return nil, fmt.Errorf("read sidecar: %w", err)
	}
	records, good, err := readRecords(data)
	if err != nil {
		return records, err
	}
	if good < len(data) {
		if err := s.file.Truncate(int64(good)); err != nil {
			return nil, fmt.Errorf("drop a torn line: %w", err)
		}
	}
	s.size = int64(good)
	return records, nil
}

// append writes a record. It returns when the record is on the disk.
func (s *sidecar) append(r record) error {
	line, err := marshalLine(r)
	if err == nil {
		_, err = s.file.Write(line)
	}
	if err == nil {
		err = s.file.Sync()
	}
	if err != nil {
		// Half a line is the next reader's to drop, if it cannot be dropped here.
		_ = s.file.Truncate(s.size)
		return failed("%s cannot be written: %s. Make room, then run the same command again to go on.", s.path, reason(err))
	}
	s.size += int64(len(line))
	return nil
}

// begin empties the sidecar and writes its header.
func (s *sidecar) begin(h header) error {
	if err := s.file.Truncate(0); err != nil {
		return failed("%s cannot be written: %s", s.path, reason(err))
	}
	s.size = 0
	if err := s.append(record{Header: &h}); err != nil {
		return err
	}
	syncFolder(filepath.Dir(s.path))
	return nil
}

// remove removes the sidecar and lets go of it.
func (s *sidecar) remove() error {
	err := os.Remove(s.path)
	s.close()
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return failed("all is translated, and %s cannot be removed: %s", s.path, reason(err))
	}
	return nil
}

// close lets go of the sidecar. What was appended is on the disk already.
func (s *sidecar) close() {
	_ = s.file.Close()
	_ = s.lock.Close()
}

// syncFolder makes a new name in a folder last. Not every system can do that, and
// none has to.
func syncFolder(path string) {
	if folder, err := os.Open(path); err == nil {
		_ = folder.Sync()
		_ = folder.Close()
	}
}
