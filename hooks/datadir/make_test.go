package datadir_test

import (
	"os"
	"path/filepath"
	"testing"

	"verso/hooks/datadir"
)

// TestMake holds that what is made is private, and what is there is left alone.
func TestMake(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "deep", "data")
	mode := func() os.FileMode {
		info, err := os.Stat(dir)
		if err != nil {
			t.Fatal(err)
		}
		return info.Mode().Perm()
	}
	if err := datadir.Make(dir); err != nil {
		t.Fatal(err)
	}
	if got := mode(); got != 0o700 {
		t.Errorf("a new one has the mode %o", got)
	}
	if err := os.Chmod(dir, 0o750); err != nil {
		t.Fatal(err)
	}
	if err := datadir.Make(dir + "/"); err != nil {
		t.Fatal(err)
	}
	if got := mode(); got != 0o750 {
		t.Errorf("an operator's has the mode %o afterwards", got)
	}
}
