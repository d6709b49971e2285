// Package charset turns the bytes of a text file into text, whatever encoding
// they are in, and refuses to guess where a guess might ruin a document.
package charset

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/wlynxg/chardet"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/ianaindex"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"

	"verso/hooks/translation/document"
)

const (
	// detectBytes bounds what the detector reads: its answer settles early and
	// its time grows with the input.
	detectBytes = 256 << 10
	// detectConfidence is the least confidence at which a guess is taken. A
	// wrong guess ruins a whole book; a question costs one field. It stands just
	// below 0.73, the most that the detector ever gives to windows-1252.
	detectConfidence = 0.72
)

// askForEncoding is the end of every sentence that says the encoding is in
// doubt.
const askForEncoding = `say which one it is in the field "encoding", such as windows-1252, Shift_JIS or EUC-KR.`

// BOM is the byte order mark of UTF-8.
const BOM = "\xef\xbb\xbf"

const (
	bomUTF16LE = "\xff\xfe"
	bomUTF16BE = "\xfe\xff"
	bomUTF32LE = "\xff\xfe\x00\x00"
	bomUTF32BE = "\x00\x00\xfe\xff"
)

// Decode returns a file's text in UTF-8 and whether it began with a UTF-8 byte
// order mark, which is not part of the text. The name is the IANA name of the
// encoding, or "" to find out. What cannot be decoded for certain, and what
// holds NUL characters, is a [*document.Error].
func Decode(data, name string) (text string, bom bool, err error) {
	if text, bom, err = decode(data, name); err != nil {
		return "", false, err
	}
	if strings.IndexByte(text, 0) >= 0 {
		return "", false, &document.Error{
			Kind:    document.Unsupported,
			Message: "The file holds NUL characters, so it is not a text; upload it in one of the formats on offer.",
		}
	}
	return text, bom, nil
}

func decode(data, name string) (text string, bom bool, err error) {
	if name != "" {
		return decodeNamed(data, name)
	}
	switch {
	case strings.HasPrefix(data, BOM):
		return decodeUTF8(data)
	case strings.HasPrefix(data, bomUTF32LE), strings.HasPrefix(data, bomUTF32BE): // before UTF-16, whose mark the first begins with
		text, err = decodeWith(data, utf32.UTF32(utf32.LittleEndian, utf32.UseBOM), "UTF-32")
		return text, false, err
	case strings.HasPrefix(data, bomUTF16LE), strings.HasPrefix(data, bomUTF16BE):
		text, err = decodeWith(data, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), "UTF-16")
		return text, false, err
	}
	// Before UTF-8, because ASCII in UTF-16 is valid UTF-8 full of NULs.
	if endianness, ok := looksUTF16(data); ok {
		text, err = decodeWith(data, unicode.UTF16(endianness, unicode.IgnoreBOM), "UTF-16")
		return text, false, err
	}
	// Before UTF-8 too, because it is ASCII with escapes that no text has.
	if strings.Contains(data, "\x1b$B") || strings.Contains(data, "\x1b$@") {
		text, err = decodeWith(data, japanese.ISO2022JP, "ISO-2022-JP")
		return text, false, err
	}
	if utf8.ValidString(data) {
		return data, false, nil
	}
	return decodeDetected(data)
}

func decodeUTF8(data string) (string, bool, error) {
	rest := strings.TrimPrefix(data, BOM)
	if at := invalidUTF8(rest); at >= 0 {
		return "", false, &document.Error{
			Kind:    document.Unreadable,
			Message: fmt.Sprintf("The file is not valid UTF-8 (at byte %d); %s", at+len(data)-len(rest), askForEncoding),
		}
	}
	return rest, len(rest) < len(data), nil
}

// decodeNamed decodes with the encoding that the uploader named. An encoding
// that does not fit the bytes is told, never papered over.
func decodeNamed(data, name string) (string, bool, error) {
	enc, err := ianaindex.IANA.Encoding(strings.TrimSpace(name))
	if err != nil || enc == nil {
		return "", false, unknown(name, err)
	}
	if canonical, _ := ianaindex.IANA.Name(enc); strings.EqualFold(canonical, "UTF-8") {
		return decodeUTF8(data)
	}
	if strings.HasPrefix(data, bomUTF16LE) || strings.HasPrefix(data, bomUTF16BE) {
		if strings.HasPrefix(strings.ToUpper(name), "UTF-16") {
			enc = unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)
		}
	}
	text, err := decodeWith(data, enc, name)
	return text, false, err
}

func decodeDetected(data string) (string, bool, error) {
	if _, text, ok := detect(data); ok {
		return text, false, nil
	}
	return "", false, notRecognised()
}

// detect finds out which encoding a text is in; false where that is not certain.
func detect(data string) (enc encoding.Encoding, text string, ok bool) {
	guess, name := guessed(data)
	all := readings(data)
	switch {
	case certain(all):
		name, enc = all[0].name, all[0].enc
	case guess == nil, !bears(all, guess):
		return nil, "", false
	default:
		enc = guess
	}
	text, err := decodeWith(data, enc, name)
	return enc, text, err == nil
}

// guessed returns what the detector takes an encoding for, by statistics of its bytes;
// nil where it is not certain.
func guessed(data string) (encoding.Encoding, string) {
	guess := chardet.Detect([]byte(data[:min(len(data), detectBytes)]))
	if guess.Confidence < detectConfidence {
		return nil, ""
	}
	name := guess.Encoding
	switch name { // what such files really hold are their supersets
	case "GB2312":
		name = "GB18030"
	case "ISO-8859-1":
		name = "windows-1252"
	case "TIS-620":
		name = "windows-874"
	}
	enc, err := ianaindex.IANA.Encoding(name)
	if err != nil {
		return nil, ""
	}
	return enc, name
}

// decodeWith decodes strictly: the replacement character in the output means
// that the bytes are not of that encoding.
func decodeWith(data string, enc encoding.Encoding, name string) (string, error) {
	decoded, err := enc.NewDecoder().String(data)
	if err == nil && !strings.ContainsRune(decoded, utf8.RuneError) {
		return decoded, nil
	}
	return "", &document.Error{
		Kind:    document.Unreadable,
		Message: fmt.Sprintf("The file is not valid %s; %s", trim(name, 40), askForEncoding),
		Err:     err,
	}
}

// looksUTF16 finds UTF-16 without a byte order mark by the zero bytes that
// ASCII leaves in every second place. Text that is hardly any ASCII, such as
// Chinese, is not found; a few stray zeros must not make a text UTF-16.
func looksUTF16(data string) (unicode.Endianness, bool) {
	sample := data[:min(len(data), document.HeadBytes)&^1]
	var even, odd int
	for i := 0; i+1 < len(sample); i += 2 {
		if sample[i] == 0 {
			even++
		}
		if sample[i+1] == 0 {
			odd++
		}
	}
	pairs := len(sample) / 2
	switch {
	case pairs < 8:
		return unicode.LittleEndian, false
	case odd*3 >= pairs && even == 0: // at least every third unit is ASCII
		return unicode.LittleEndian, true
	case even*3 >= pairs && odd == 0:
		return unicode.BigEndian, true
	}
	return unicode.LittleEndian, false
}

// Beginning returns what of a file's first bytes is ASCII, whatever encoding they
// are in, without a byte order mark: what a format is recognised by is ASCII, which
// UTF-16 writes with a NUL beside it.
func Beginning(head string) string {
	start := strings.ReplaceAll(head, "\x00", "")
	for _, bom := range []string{BOM, bomUTF16LE, bomUTF16BE} {
		start = strings.TrimPrefix(start, bom)
	}
	return start
}

// LooksBinary reports whether the beginning of a file cannot be text in any
// encoding: control characters that no text uses, or NUL without the pattern
// that UTF-16 gives.
func LooksBinary(head []byte) bool {
	start := string(head)
	for _, bom := range []string{bomUTF16LE, bomUTF16BE, bomUTF32BE} {
		if strings.HasPrefix(start, bom) {
			return false
		}
	}
	if _, ok := looksUTF16(start); ok {
		return false
	}
	for _, b := range head {
		if b < 0x09 || (b > 0x0d && b < 0x1a) || (b > 0x1b && b < 0x20) {
			return true
		}
	}
	return false
}

func invalidUTF8(data string) int {
	for i := 0; i < len(data); {
		if data[i] < utf8.RuneSelf {
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(data[i:])
		if r == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return -1
}

// trim shortens what a caller wrote before it is put into a message for him.
func trim(s string, most int) string {
	if runes := []rune(s); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return s
}
