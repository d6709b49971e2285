package datadir

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Make makes a data directory that nobody else may look into, because PocketBase and
// SQLite make what is in it readable by everybody. One that is there already is its
// operator's, who may have given a group access to it, and stays as it is.
func Make(dataDir string) error {
	if err := os.MkdirAll(filepath.Dir(dataDir), 0o755); err != nil {
		return fmt.Errorf("make the data directory's parent: %w", err)
	}
	if err := os.Mkdir(dataDir, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("make the data directory: %w", err)
	}
	return nil
}
