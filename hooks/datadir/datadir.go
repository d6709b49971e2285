// Package datadir tells where the files stand that belong to a data directory and
// must not be in it: a restore swaps its contents, and a backup copies them.
package datadir

import "path/filepath"

// Beside returns the path of a file beside a data directory: the directory's
// own path with another ending. However the directory is spelt, with a slash
// at its end, by a link, or as ".", it is the same file; two processes would
// otherwise not see each other's lock, and a key could come to lie inside.
func Beside(dataDir, ending string) string {
	path, err := filepath.Abs(dataDir)
	if err != nil {
		path = filepath.Clean(dataDir)
	}
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	} else if parent, err := filepath.EvalSymlinks(filepath.Dir(path)); err == nil {
		path = filepath.Join(parent, filepath.Base(path)) // not made yet
	}
	return path + ending
}
