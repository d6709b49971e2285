package archive_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"strings"
	"testing"

	"verso/hooks/translation/document"
	"verso/hooks/translation/document/archive"
)

// entry is a file to pack.
type entry struct {
	name, content string
	method        uint16
}

func pack(t testing.TB, entries ...entry) string {
	t.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, e := range entries {
		f, err := w.CreateHeader(&zip.FileHeader{Name: e.name, Method: e.method, Comment: "kept"})
		if err == nil {
			_, err = io.WriteString(f, e.content)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// TestWrite holds that what is not replaced is copied as it is: order, compressed
// bytes, header.
func TestWrite(t *testing.T) {
	data := pack(t, entry{"mimetype", "a/b", zip.Store}, entry{"dir/", "", zip.Store},
		entry{"text", strings.Repeat("text ", 100), zip.Deflate}, entry{"picture", strings.Repeat("\x00\x01", 300), zip.Deflate})
	a, err := archive.Open(data, "book")
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	err = a.Write(context.Background(), &out, "mimetype", func(name string) (string, bool, error) { return "new", name == "text", nil })
	if err != nil {
		t.Fatal(err)
	}
	before, after := mustRead(t, data), mustRead(t, out.String())
	if len(before) != len(after) {
		t.Fatalf("%d entries became %d", len(before), len(after))
	}
	for i := range before {
		b, a := before[i], after[i]
		if b.Name != a.Name || b.Method != a.Method || b.Comment != a.Comment {
			t.Errorf("%+v became %+v", b.FileHeader, a.FileHeader)
		}
		if same := mustRaw(t, b) == mustRaw(t, a); same == (b.Name == "text") {
			t.Errorf("%s: same bytes: %v", b.Name, same)
		}
	}
}

// TestReplacedSizes holds that the sizes of a replaced entry stand before it, as
// readers want it that take what follows for the content.
func TestReplacedSizes(t *testing.T) {
	for _, method := range []uint16{zip.Store, zip.Deflate} {
		a, err := archive.Open(pack(t, entry{"é", "old", method}), "book")
		if err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		if err := a.Write(context.Background(), &out, "", func(string) (string, bool, error) { return "newer", true, nil }); err != nil {
			t.Fatal(err)
		}
		header := out.Bytes()
		flags, size := binary.LittleEndian.Uint16(header[6:]), binary.LittleEndian.Uint32(header[22:])
		if flags != 0x800 || size != uint32(len("newer")) {
			t.Errorf("method %d: flags %x, size %d", method, flags, size)
		}
		again, err := archive.Open(out.String(), "book")
		if err != nil {
			t.Fatal(err)
		}
		if got, err := again.Read("é"); got != "newer" || err != nil {
			t.Errorf("method %d: got %q, %v", method, got, err)
		}
	}
}

// TestFirst holds that the entry that must be first and uncompressed is.
func TestFirst(t *testing.T) {
	a, err := archive.Open(pack(t, entry{"text", "x", zip.Deflate}, entry{"mimetype", "a/b", zip.Deflate}), "book")
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := a.Write(context.Background(), &out, "mimetype", func(string) (string, bool, error) { return "", false, nil }); err != nil {
		t.Fatal(err)
	}
	if files := mustRead(t, out.String()); len(files) != 2 || files[0].Name != "mimetype" || files[0].Method != zip.Store {
		t.Errorf("first is %+v", files[0].FileHeader)
	}
	if !strings.HasPrefix(out.String()[30:], "mimetypea/b") {
		t.Errorf("the file begins %q", out.String()[:50])
	}
}

func TestRefused(t *testing.T) {
	small := entry{"a", "a", zip.Store}
	many := make([]entry, 50_001)
	for i := range many {
		many[i] = entry{fmt.Sprint(i), "", zip.Store}
	}
	plain := pack(t, small)
	tests := []struct{ name, data, says string }{
		{"no ZIP", "PK\x03\x04 and no more", "missing or damaged"},
		{"cut off", plain[:len(plain)-10], "missing or damaged"},
		{"climbs out", pack(t, entry{"../a", "", zip.Store}), `"../a"`},
		{"climbs out by the other stroke", pack(t, entry{`b\..\..\a`, "", zip.Store}), "leads out"},
		{"absolute", pack(t, entry{"/etc/passwd", "", zip.Store}), "/etc/passwd"},
		{"drive", pack(t, entry{"C:/a", "", zip.Store}), "leads out"},
		{"twice", pack(t, small, small), "twice"},
		{"encrypted", encrypted(plain), "encrypted"},
		{"too many", pack(t, many...), "at most 50000"},
		{"huge by its own word", sized(t, 5<<30), "far more"},
		{"bomb", pack(t, entry{"a", strings.Repeat("\x00", 100<<20), zip.Deflate}), "far more"},
		{"one over another", overlapping(t), "over one another"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := archive.Open(test.data, "EPUB file")
			var bad *document.Error
			if !errors.As(err, &bad) || bad.Kind != document.Unreadable || !strings.Contains(bad.Message, test.says) {
				t.Errorf("got %v, want %q in it", err, test.says)
			}
		})
	}
}

// TestLyingSize holds that no entry is unpacked beyond the size that it says.
func TestLyingSize(t *testing.T) {
	for _, said := range []uint64{10, 1000} {
		a, err := archive.Open(sizedContent(t, strings.Repeat("x", 500), said), "book")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := a.Read("a"); err == nil || !strings.Contains(err.Error(), "damaged") {
			t.Errorf("%d bytes that say they are %d: %v", 500, said, err)
		}
	}
}

// TestRoom holds that all that is unpacked is bounded, not only each entry.
func TestRoom(t *testing.T) {
	var entries []entry
	noise := strings.Repeat("0123456789abcdef", 64)
	for i := range 3 {
		entries = append(entries, entry{fmt.Sprint(i), strings.Repeat(noise, 30<<10), zip.Deflate})
	}
	// Enough that is not compressed, so that the whole is no bomb.
	entries = append(entries, entry{"z", strings.Repeat(noise, 1<<10), zip.Store})
	a, err := archive.Open(pack(t, entries...), "book")
	if err != nil {
		t.Fatal(err)
	}
	for i := range 3 {
		_, err = a.Read(fmt.Sprint(i))
	}
	if err == nil || !strings.Contains(err.Error(), "more than 64 MB") {
		t.Errorf("got %v", err)
	}
}

// encrypted sets the bit that says so in both headers of a single entry.
func encrypted(data string) string {
	b := []byte(data)
	b[6] |= 1
	b[strings.Index(data, "PK\x01\x02")+8] |= 1
	return string(b)
}

// sized packs an entry that says to be of a size.
func sized(t testing.TB, size uint64) string { return sizedContent(t, "a", size) }

func sizedContent(t testing.TB, content string, size uint64) string {
	t.Helper()
	var compressed, out bytes.Buffer
	w := zip.NewWriter(&compressed)
	f, _ := w.CreateHeader(&zip.FileHeader{Name: "a", Method: zip.Deflate})
	io.WriteString(f, content)
	w.Close()
	raw := mustRaw(t, mustRead(t, compressed.String())[0])
	w = zip.NewWriter(&out)
	f, err := w.CreateRaw(&zip.FileHeader{Name: "a", Method: zip.Deflate, CRC32: crc32.ChecksumIEEE([]byte(content)),
		CompressedSize64: uint64(len(raw)), UncompressedSize64: size})
	if err != nil {
		t.Fatal(err)
	}
	io.WriteString(f, raw)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// overlapping packs two entries and lets the second's directory entry point into the
// first.
func overlapping(t testing.TB) string {
	data := []byte(pack(t, entry{"a", strings.Repeat("a", 50), zip.Store}, entry{"b", strings.Repeat("a", 50), zip.Store}))
	second := bytes.LastIndex(data, []byte("PK\x01\x02"))
	binary.LittleEndian.PutUint32(data[second+42:], 0)
	return string(data)
}

func mustRead(t testing.TB, data string) []*zip.File {
	t.Helper()
	r, err := zip.NewReader(strings.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	return r.File
}

func mustRaw(t testing.TB, f *zip.File) string {
	t.Helper()
	r, err := f.OpenRaw()
	if err != nil {
		t.Fatal(err)
	}
	raw, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}
