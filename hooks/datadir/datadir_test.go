package datadir_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"verso/hooks/datadir"
)

// TestBeside holds that a directory has one lock and one key, however it is
// spelt, and that they do not lie inside.
func TestBeside(t *testing.T) {
	root, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	data := filepath.Join(root, "data")
	if err := errors.Join(os.Mkdir(data, 0o700), os.Symlink(data, filepath.Join(root, "link"))); err != nil {
		t.Fatal(err)
	}
	t.Chdir(data)
	want := filepath.Join(root, "data.key")
	for _, spelling := range []string{data, data + "/", filepath.Join(root, "link"), ".", "../data", "../link/"} {
		if got := datadir.Beside(spelling, ".key"); got != want {
			t.Errorf("%s: %s, want %s", spelling, got, want)
		}
	}
	if got := datadir.Beside(filepath.Join(root, "link", "..", "new"), ".key"); got != filepath.Join(root, "new.key") {
		t.Errorf("a directory to be made: %s", got)
	}
}
