package translatecmd

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"verso/hooks/translation/document"
	"verso/hooks/translation/pipeline/tongue"
)

// source is the file that is translated, parsed.
type source struct {
	path     string
	info     os.FileInfo
	digest   string
	format   document.Format
	document document.Document
}

// readSource reads the file, recognises it by what it holds, and parses it.
func readSource(ctx context.Context, config Config, options *options) (*source, error) {
	file, err := os.Open(options.file)
	if err != nil {
		return nil, wrongUse("%s cannot be opened: %s", options.file, reason(err))
	}
	defer file.Close() // only read
	info, err := file.Stat()
	if err != nil {
		return nil, wrongUse("%s cannot be opened: %s", options.file, reason(err))
	}
	if info.IsDir() {
		return nil, wrongUse("%s is a folder; name a file in it", options.file)
	}
	var text strings.Builder
	text.Grow(int(min(max(info.Size(), 0), config.MaxBytes)))
	size, err := io.Copy(&text, io.LimitReader(file, config.MaxBytes+1))
	switch {
	case err != nil:
		return nil, failed("%s cannot be read: %s", options.file, reason(err))
	case size > config.MaxBytes:
		return nil, failed("%s is too large: files of up to %d MB can be translated; divide it", options.file, config.MaxBytes>>20)
	}
	return parse(ctx, config, options, info, text.String())
}

func parse(ctx context.Context, config Config, options *options, info os.FileInfo, data string) (*source, error) {
	name := filepath.Base(options.file)
	format, ok := config.Formats.Recognise(name, []byte(data[:min(len(data), document.HeadBytes)]))
	if !ok {
		return nil, failed("%s is of no format that can be translated; there are %s", options.file, strings.Join(config.Formats.Names(), ", "))
	}
	parsed, err := format.Parse(ctx, data, document.Options{Encoding: options.encoding, TranslatePre: options.translatePre})
	if err != nil {
		return nil, documentExit(options.file, err)
	}
	sum := sha256.Sum256([]byte(data))
	return &source{path: options.file, info: info, digest: hex.EncodeToString(sum[:]), format: format, document: parsed}, nil
}

// documentExit says what is wrong with a document. Its sentences are written for
// who fills in the service's form.
func documentExit(path string, err error) error {
	var bad *document.Error
	if !errors.As(err, &bad) {
		return failed("%s cannot be read: %s", path, reason(err))
	}
	message := strings.ReplaceAll(bad.Message, `in the field "encoding"`, "with --encoding")
	if bad.Kind == document.BadOption || message != bad.Message {
		return wrongUse("%s: %s", path, message)
	}
	return failed("%s: %s", path, message)
}

// language returns the language that the document is written in, or "".
func (s *source) language() string {
	blocks := s.document.Blocks()
	texts := make([]string, len(blocks))
	for i, block := range blocks {
		texts[i] = block.Text
	}
	return tongue.Detect(texts)
}

// outputPath returns where the translation is written.
func (s *source) outputPath(out, target string) string {
	folder := filepath.Dir(s.path)
	if out != "" {
		if info, err := os.Stat(out); err != nil || !info.IsDir() {
			return out
		}
		folder = out
	}
	name := filepath.Base(s.path)
	extension := filepath.Ext(name)
	base := strings.TrimSuffix(name, extension)
	if base == "" { // ".txt"
		base, extension = name, ""
	}
	// A file may be called what it is not; plain text may be called anything.
	if s.format.Name() != "txt" && !slices.Contains(s.format.Extensions(), strings.ToLower(extension)) {
		base, extension = name, "."+s.format.Name()
	}
	return filepath.Join(folder, base+"."+target+extension)
}
