package translatecmd

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"verso/hooks/translation/document"
)

// unfinishedEnding stands behind the output's path while it is written. Who holds
// the sidecar's lock is the only one who writes there.
const unfinishedEnding = sidecarEnding + ".tmp"

// mayWrite refuses a path at which something stands that this command has not made.
func mayWrite(path string, source *source, outputs []string, force bool) error {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		folder := filepath.Dir(path)
		if in, err := os.Stat(folder); err != nil || !in.IsDir() {
			return wrongUse("%s cannot be written: there is no folder %s", path, folder)
		}
		return nil
	}
	switch {
	case err != nil:
		return wrongUse("%s cannot be written: %s", path, reason(err))
	case info.IsDir():
		return wrongUse("%s is a folder; name a file with -o", path)
	case os.SameFile(info, source.info):
		return wrongUse("%s is the file to translate itself; give another one with -o", path)
	case force:
		return nil
	}
	if digest, err := digestFile(path); err != nil || !slices.Contains(outputs, digest) {
		return wrongUse("%s is there already; give another file with -o, or write over it with --force", path)
	}
	return nil
}

func digestFile(path string) (string, error) {
	file, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer file.Close() // only read
	sum := sha256.New()
	if _, err := io.Copy(sum, file); err != nil {
		return "", err
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

// built is a translation that stands in a file of its own, not in its place yet.
type built struct {
	path   string
	digest string
	left   []string // blocks whose translation the format could not take in
	worth  int      // blocks that stand in it translated
}

// build writes the translation, as far as there is one, beside its place.
func build(ctx context.Context, j *job, source *source, out string, bilingual bool) (*built, error) {
	b := &built{path: out + unfinishedEnding}
	if err := os.Remove(b.path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, failed("%s cannot be written: %s", b.path, reason(err))
	}
	// A private document's translation is private too.
	file, err := os.OpenFile(b.path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, source.info.Mode().Perm()|0o600)
	if err != nil {
		return nil, failed("%s cannot be written: %s", b.path, reason(err))
	}
	sum := sha256.New()
	assembly := j.assemble()
	b.left, err = source.document.Build(ctx, io.MultiWriter(file, sum), document.Output{
		Translation: assembly.Text, Target: j.target, Source: j.source, Bilingual: bilingual,
	})
	if err == nil {
		err = file.Sync()
	}
	if closeErr := file.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		b.discard()
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		return nil, failed("%s cannot be written: %s. %s", out, reason(err), goOn)
	}
	b.digest, b.worth = hex.EncodeToString(sum.Sum(nil)), assembly.Translated()-len(b.left)
	return b, nil
}

func (b *built) discard() { _ = os.Remove(b.path) }

// place puts the translation where it belongs, all at once. Nothing is written over
// that has come there meanwhile.
func (b *built) place(out string, source *source, outputs []string, force bool) error {
	if err := mayWrite(out, source, outputs, force); err != nil {
		b.discard()
		return err
	}
	if err := b.move(out); err != nil {
		b.discard()
		if errors.Is(err, fs.ErrExist) {
			return wrongUse("%s has come there meanwhile; move it away. %s", out, goOn)
		}
		return failed("%s cannot be written: %s. %s", out, reason(err), goOn)
	}
	syncFolder(filepath.Dir(out))
	return nil
}

// move gives the translation its name. Where nothing has it yet, it is linked to
// it, because a link takes nobody's place.
func (b *built) move(out string) error {
	if _, err := os.Lstat(out); errors.Is(err, fs.ErrNotExist) {
		err := os.Link(b.path, out)
		if err == nil {
			return os.Remove(b.path)
		}
		if errors.Is(err, fs.ErrExist) {
			return err
		}
		// A file system without links.
	}
	return os.Rename(b.path, out)
}
