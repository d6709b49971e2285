package page

import (
	"bytes"
	"compress/gzip"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

// maxCodeBytes bounds the page's own and vendored code as it travels: each file
// compressed by itself.
const maxCodeBytes = 72_000

// TestWeight holds that the page stays small, and says what it weighs.
func TestWeight(t *testing.T) {
	const public = "../../pb_public"
	weights := map[string]int{}
	err := fs.WalkDir(os.DirFS(public), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := os.ReadFile(filepath.Join(public, name))
		if err != nil {
			return err
		}
		var packed bytes.Buffer
		writer, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
		if err != nil {
			return err
		}
		if _, err := writer.Write(data); err != nil {
			return err
		}
		if err := writer.Close(); err != nil {
			return err
		}
		weights[filepath.Ext(name)] += packed.Len()
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("gzipped: %d bytes of code, %d of styles", weights[".js"], weights[".css"])
	if weights[".js"] == 0 || weights[".js"] > maxCodeBytes {
		t.Errorf("the code has %d bytes, and may have %d", weights[".js"], maxCodeBytes)
	}
}
