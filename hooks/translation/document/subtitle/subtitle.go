// Package subtitle lays out the text of subtitles, whatever their file format.
//
// A passage is the lines of a cue. They flow into one text, because a sentence is
// translated better than its halves, except where a line is a speech, a label, a
// sound or a verse of its own. [Dialect.LayOut] finds that text, with the markup
// inside of it as numbered tags (package inline) and the markup around it left out;
// [Layout.Render] breaks a translation into lines again, at natural places and in
// lines of like length: of 42 characters, or 20 in East Asian scripts, and at most
// two of them where the source had no more. [Layout.Bilingual] sets the source below.
package subtitle

// Kind says what a piece of a line is.
type Kind uint8

const (
	words Kind = iota
	// Opening is a tag that begins something.
	Opening
	// Closing is a tag that ends it.
	Closing
	// Alone is markup by itself, or a tag whose mate is missing.
	Alone
)

// Dialect is what a format of subtitles takes for markup.
type Dialect struct {
	// Markup returns the length and kind of the markup that a text, which begins
	// with "<" or "{", begins with; 0 where it begins with none.
	Markup func(s string) (int, Kind)
	// Name returns the name of a tag, by which its mate is found.
	Name func(tag string) string
	// Decode and Encode turn text as it is written into what it shows and back.
	// Default: it is written as it is shown.
	Decode, Encode func(string) string
	// Apart reports whether a line, as it is written, begins something of its own
	// by its markup. Default: none does.
	Apart func(line string) bool
}
