package translation

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/pocketbase/pocketbase/core"
)

// attributesSuffix is what PocketBase's local storage puts behind a file's name for
// what it notes about the file.
const attributesSuffix = ".attrs"

// sweepAttributes deletes attributes without their file. They are written just before
// it, so a crash in between leaves them alone, and no list of the storage shows them.
// Attributes younger than before are left alone, as in [storage.sweep].
func (s *storage) sweepAttributes(prefix string, before time.Time) (removed int, err error) {
	if s.app.Settings().S3.Enabled {
		return 0, nil
	}
	root := filepath.Join(s.app.DataDir(), core.LocalStorageDirName, filepath.FromSlash(prefix))
	found, err := filepath.Glob(filepath.Join(root, "*", "*"+attributesSuffix))
	if err != nil {
		return 0, fmt.Errorf("list attributes: %w", err)
	}
	for _, path := range found {
		_, missing := os.Lstat(strings.TrimSuffix(path, attributesSuffix))
		info, err := os.Lstat(path)
		if !errors.Is(missing, fs.ErrNotExist) || err != nil || info.ModTime().After(before) || s.expects(filepath.Base(filepath.Dir(path))) {
			continue
		}
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return removed, fmt.Errorf("remove attributes without a file: %w", err)
		}
		removed++
		_ = os.Remove(filepath.Dir(path)) // if nothing else is in it
	}
	return removed, nil
}
