package clerk

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha512"
	"encoding/base64"
	"errors"
	"io"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// bundle is a package that Clerk's Frontend API serves to browsers. Both are
// complete in themselves, so they are taken from the registry without what they
// were built from, and held to the digests that are noted here.
type bundle struct{ name, version, sha512 string }

func bundles() []bundle {
	return []bundle{
		{"@clerk/clerk-js", "6.40.0", "2MnZ/ygvuCmeuqfXQmsxfQaLN/SSJvQbtT2cLXbgr5VKr3KmZFZBVvX977fG3eZ6pprl4J9pO+I2bbe6BvColg=="},
		{"@clerk/ui", "1.36.0", "uI96zYCh5jISLOt1mdpIPy/Y31P0kwFxjUFOxLUwFfTHFmGUcRjbqN6bbb+75tdI2Bz6ARGws3rhspDer+xIfQ=="},
	}
}

// loaded are the files of all bundles, fetched once for all tests of a package.
var loaded struct {
	once  sync.Once
	files map[string][]byte
	err   error
}

// mustBundles returns the files by the paths at which the Frontend API has them.
func mustBundles(t testing.TB) map[string][]byte {
	t.Helper()
	loaded.once.Do(func() {
		loaded.files = map[string][]byte{}
		for _, b := range bundles() {
			loaded.err = errors.Join(loaded.err, b.load(loaded.files))
		}
	})
	if loaded.err != nil {
		t.Fatalf("fetch ClerkJS: %v", loaded.err)
	}
	return loaded.files
}

// load fetches the package with npm, which keeps it, and adds the scripts of it.
func (b bundle) load(files map[string][]byte) error {
	dir, err := os.MkdirTemp("", "verso-clerkjs-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	pack := exec.Command("npm", "pack", "--prefer-offline", "--ignore-scripts", "--silent", "--pack-destination", dir, b.name+"@"+b.version)
	pack.Dir = dir
	if out, err := pack.CombinedOutput(); err != nil {
		return errors.Join(errors.New("npm pack: "+string(out)), err)
	}
	archives, err := filepath.Glob(filepath.Join(dir, "*.tgz"))
	if err != nil || len(archives) != 1 {
		return errors.Join(errors.New("npm pack left no archive"), err)
	}
	archive, err := os.ReadFile(archives[0])
	if err != nil {
		return err
	}
	if digest := sha512.Sum512(archive); base64.StdEncoding.EncodeToString(digest[:]) != b.sha512 {
		return errors.New(b.name + " is not what was noted: sha512-" + base64.StdEncoding.EncodeToString(digest[:]))
	}
	unpacked, err := gzip.NewReader(bytes.NewReader(archive))
	if err != nil {
		return err
	}
	for entries := tar.NewReader(unpacked); ; {
		entry, err := entries.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		name, ok := strings.CutPrefix(entry.Name, "package/dist/")
		if !ok || path.Ext(name) != ".js" || strings.Contains(name, "/") {
			continue
		}
		data, err := io.ReadAll(entries)
		if err != nil {
			return err
		}
		files["/npm/"+b.name+"@"+b.version+"/dist/"+name] = data
	}
}
