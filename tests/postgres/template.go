package postgres

import (
	"archive/tar"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
)

// template is a data directory as initdb makes it, kept in memory, so that nothing of
// it lies about when the tests have ended. Making one takes seconds, copying it does
// not.
var template struct {
	once   sync.Once
	packed []byte
	err    error
}

// unpackTemplate makes a data directory in a folder that the server's user gets.
func unpackTemplate(bin, home, dir string) error {
	owner, err := serverUser()
	if err != nil {
		return err
	}
	template.once.Do(func() { template.packed, template.err = pack(bin, owner) })
	if template.err != nil {
		return template.err
	}
	if err := give(home, owner); err != nil {
		return err
	}
	archive := tar.NewReader(bytes.NewReader(template.packed))
	for {
		entry, err := archive.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err == nil {
			err = unpack(filepath.Join(dir, filepath.FromSlash(entry.Name)), entry, archive, owner)
		}
		if err != nil {
			return fmt.Errorf("unpack a data directory: %w", err)
		}
	}
}

func unpack(path string, entry *tar.Header, content io.Reader, owner *syscall.Credential) error {
	if entry.FileInfo().IsDir() {
		if err := os.MkdirAll(path, 0o700); err != nil {
			return err
		}
		return give(path, owner)
	}
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	return errors.Join(fill(file, content, entry.Size), file.Close(), give(path, owner))
}

// fill writes a file, but for stretches of zeros, of which what PostgreSQL has for its log
// at first consists: nothing is stored where nothing was written.
func fill(file *os.File, content io.Reader, size int64) error {
	stretch, zeros := make([]byte, 64<<10), make([]byte, 64<<10)
	for {
		n, err := io.ReadFull(content, stretch)
		switch part := stretch[:n]; {
		case bytes.Equal(part, zeros[:n]):
			if _, err := file.Seek(int64(n), io.SeekCurrent); err != nil {
				return err
			}
		default:
			if _, err := file.Write(part); err != nil {
				return err
			}
		}
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return file.Truncate(size)
		}
		if err != nil {
			return err
		}
	}
}

func give(path string, owner *syscall.Credential) error {
	if owner == nil {
		return nil
	}
	return os.Chown(path, int(owner.Uid), int(owner.Gid))
}

// pack runs initdb and packs what it made. Texts are sorted as people do, not as
// bytes are: programs that believe otherwise are to fail here.
func pack(bin string, owner *syscall.Credential) (packed []byte, err error) {
	home, err := os.MkdirTemp("", "verso-initdb-*")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(home)) }()
	if err := give(home, owner); err != nil {
		return nil, err
	}
	dir := filepath.Join(home, "data")
	initdb := exec.Command(filepath.Join(bin, "initdb"), "-D", dir, "-U", superuser, "-A", "trust", "-E", "UTF8",
		"--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=en-US", "--no-sync")
	initdb.Dir, initdb.Env = home, []string{"PATH=" + os.Getenv("PATH"), "HOME=" + home}
	initdb.SysProcAttr = &syscall.SysProcAttr{Credential: owner}
	if out, err := initdb.CombinedOutput(); err != nil {
		return nil, wrapOutput("initdb", err, out)
	}
	var into bytes.Buffer
	archive := tar.NewWriter(&into)
	if err := errors.Join(addAll(archive, dir), archive.Close()); err != nil {
		return nil, fmt.Errorf("pack a data directory: %w", err)
	}
	return into.Bytes(), nil
}

// addAll adds a folder and all folders and files in it.
func addAll(archive *tar.Writer, dir string) error {
	return filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		header, err := tar.FileInfoHeader(info, "")
		if err != nil {
			return err
		}
		header.Name = filepath.ToSlash(name)
		if err := archive.WriteHeader(header); err != nil || entry.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		_, err = archive.Write(content)
		return err
	})
}
