package archive

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
)

// The bit of an entry's flags that says that its name is in UTF-8 (APPNOTE.TXT 4.4.4),
// and the version of the format that knows deflate (4.4.3).
const (
	unicodeFlag    = 0x800
	deflateVersion = 20
)

// packer writes entries with another content.
type packer struct {
	out    *zip.Writer
	packed bytes.Buffer
	flate  *flate.Writer // into packed; nil before the first
}

// write writes an entry with another content and otherwise as it was: name, time,
// attributes, comment, method. Its sizes stand before it, because there are readers
// that do not look for those of an uncompressed entry behind it.
func (p *packer) write(old *zip.File, content string) error {
	header := zip.FileHeader{
		Name: old.Name, Comment: old.Comment, Method: zip.Store, Flags: old.Flags & unicodeFlag,
		CreatorVersion: old.CreatorVersion, ReaderVersion: deflateVersion, ExternalAttrs: old.ExternalAttrs, Extra: withoutSizes(old.Extra),
		CRC32: crc32.ChecksumIEEE([]byte(content)), UncompressedSize64: uint64(len(content)),
	}
	//lint:ignore SA1019 what stands in the file; Modified would add an extra field
	header.ModifiedDate, header.ModifiedTime = old.ModifiedDate, old.ModifiedTime
	packed := []byte(content)
	if old.Method != zip.Store {
		header.Method = zip.Deflate
		if err := p.deflate(content); err != nil {
			return err
		}
		packed = p.packed.Bytes()
	}
	header.CompressedSize64 = uint64(len(packed))
	entry, err := p.out.CreateRaw(&header)
	if err != nil {
		return err
	}
	_, err = entry.Write(packed)
	return err
}

// deflate compresses a content, in the memory that was used for the last one.
func (p *packer) deflate(content string) error {
	p.packed.Reset()
	if p.flate == nil {
		w, err := flate.NewWriter(&p.packed, flate.DefaultCompression)
		if err != nil {
			return err
		}
		p.flate = w
	} else {
		p.flate.Reset(&p.packed)
	}
	if _, err := io.WriteString(p.flate, content); err != nil {
		return err
	}
	return p.flate.Close()
}

// withoutSizes drops the extra field in which large entries keep their sizes, since
// they have others now (APPNOTE.TXT 4.5.3).
func withoutSizes(extra []byte) []byte {
	const zip64, header = 1, 4
	var kept []byte
	for len(extra) >= header {
		id := binary.LittleEndian.Uint16(extra)
		end := min(header+int(binary.LittleEndian.Uint16(extra[2:])), len(extra))
		if id != zip64 {
			kept = append(kept, extra[:end]...)
		}
		extra = extra[end:]
	}
	return kept
}

// writeStored writes an uncompressed entry with its size before it and no extra
// fields, as the readers want it who look for it at a fixed place.
func writeStored(out *zip.Writer, name, content string) error {
	entry, err := out.CreateRaw(&zip.FileHeader{
		Name: name, Method: zip.Store, CRC32: crc32.ChecksumIEEE([]byte(content)),
		CompressedSize64: uint64(len(content)), UncompressedSize64: uint64(len(content)),
	})
	if err == nil {
		_, err = io.WriteString(entry, content)
	}
	if err != nil {
		return fmt.Errorf("write ZIP entry %q: %w", name, err)
	}
	return nil
}
