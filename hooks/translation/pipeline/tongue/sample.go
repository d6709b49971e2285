package tongue

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// windows is how many places of a document are looked at, each as many bytes
// as windowBytes: some thirty pages, which tell any language, in a few
// milliseconds. A short document is read whole, in windows of leastBytes, so
// that one in two languages can be told by its windows.
const windows, windowBytes, leastBytes = 64, 600, 240

// sample returns pieces of a document that are spread evenly over it.
func sample(texts []string) []string {
	total := 0
	for _, text := range texts {
		total += len(text) + 1
	}
	step := max(total/windows+1, leastBytes)
	pieces := make([]string, 0, windows)
	block, at := 0, 0 // texts[block] begins at byte at
	for start := 0; start < total; start += step {
		for at+len(texts[block]) < start {
			at += len(texts[block]) + 1
			block++
		}
		pieces = append(pieces, window(texts[block:], start-at, min(step, windowBytes)))
	}
	return pieces
}

// window returns size bytes of some blocks, from byte from of the first on.
func window(blocks []string, from, size int) string {
	var b strings.Builder
	for _, block := range blocks {
		block = head(tail(block, from), size-b.Len())
		from = 0
		b.WriteString(block)
		if b.WriteByte('\n'); b.Len() >= size {
			break
		}
	}
	return b.String()
}

// tail returns a block from a byte on, without the rest of the word in which
// that byte may be.
func tail(block string, from int) string {
	if from == 0 {
		return block
	}
	block = block[from:]
	for block != "" && !utf8.RuneStart(block[0]) {
		block = block[1:]
	}
	if at := strings.IndexFunc(head(block, longWord), unicode.IsSpace); at >= 0 {
		return block[at:]
	}
	return block
}

// longWord is how many bytes a word may have; text without spaces for longer
// is in a script that has none.
const longWord = 120

// head returns the first bytes of a block, as many as size at most.
func head(block string, size int) string {
	if len(block) <= size {
		return block
	}
	for size > 0 && !utf8.RuneStart(block[size]) {
		size--
	}
	return block[:size]
}
