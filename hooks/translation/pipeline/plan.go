package pipeline

import (
	"iter"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/sentences"
	"github.com/clipperhouse/uax29/v2/words"

	"verso/hooks/translation/document"
)

// maxBlocks bounds the blocks of a segment: beyond some hundred ids a model
// begins to lose count (contract, formats).
const maxBlocks = 400

// Plan cuts a document into segments of at most size characters and 400
// blocks, in reading order. A block longer than a segment is cut at the ends
// of sentences, a sentence that is longer still between words. A block with the
// text of an earlier one refers to it, so that it need not be asked for.
func Plan(blocks []document.Block, size int) []Segment {
	var (
		segments []Segment
		current  []Block
		length   int
	)
	flush := func() {
		if len(current) > 0 {
			segments = append(segments, Segment{Position: len(segments), Blocks: current})
			current, length = nil, 0
		}
	}
	add := func(block Block, characters int) {
		if length+characters > size || len(current) == maxBlocks {
			flush()
		}
		current = append(current, block)
		length += characters
	}

	for _, block := range blocks {
		characters := utf8.RuneCountInString(block.Text)
		if characters <= size {
			add(Block{ID: block.ID, Text: block.Text}, characters)
			continue
		}
		for _, part := range cut(block, size) {
			add(part, utf8.RuneCountInString(part.Text))
		}
	}
	flush()
	markRepeats(segments)
	return segments
}

// markRepeats finds the blocks that say what an earlier one says. Parts of long
// blocks are left out: their neighbours differ.
func markRepeats(segments []Segment) {
	type place struct{ segment, block int }
	first := map[string]place{}
	for i, segment := range segments {
		for j := range segment.Blocks {
			block := &segment.Blocks[j]
			if strings.Contains(block.ID, ".") {
				continue
			}
			at, repeated := first[block.Text]
			if !repeated {
				first[block.Text] = place{i, j}
				continue
			}
			original := &segments[at.segment].Blocks[at.block]
			original.Repeated = true
			block.Repeats, block.Of = original.ID, at.segment
		}
	}
}

// cut divides a block into parts of at most size characters. The parts' texts
// and joins, one after another, are the block's text.
func cut(block document.Block, size int) []Block {
	var (
		parts  []Block
		open   strings.Builder
		length int
	)
	flush := func(sentence bool) {
		if length == 0 {
			return
		}
		whole := open.String()
		text := strings.TrimRightFunc(whole, unicode.IsSpace)
		parts = append(parts, Block{
			ID:       block.ID + "." + strconv.Itoa(len(parts)+1),
			Text:     text,
			Join:     whole[len(text):],
			Sentence: sentence,
		})
		open.Reset()
		length = 0
	}

	for sentence := sentences.FromString(block.Text); sentence.Next(); {
		characters := utf8.RuneCountInString(sentence.Value())
		if length > 0 && length+characters > size {
			flush(true)
		}
		if characters <= size {
			open.WriteString(sentence.Value())
			length += characters
			continue
		}
		for piece := range wordsAndTags(sentence.Value(), size) {
			n := utf8.RuneCountInString(piece)
			// White space stays with the word before it, so that no part begins
			// with a space.
			if length+n > size && strings.TrimSpace(piece) != "" {
				flush(false)
			}
			open.WriteString(piece)
			length += n
		}
	}
	flush(false)
	if last := &parts[len(parts)-1]; last.Join != "" {
		last.Text, last.Join = last.Text+last.Join, ""
	}
	return parts
}

// wordsAndTags returns the words of a text, none longer than a segment, and between
// them the numbered tags as they are, which nothing may divide.
func wordsAndTags(text string, size int) iter.Seq[string] {
	return func(yield func(string) bool) {
		tags := regexp.MustCompile(`</?\d+/?>`)
		for text != "" {
			at := tags.FindStringIndex(text)
			if at == nil {
				at = []int{len(text), len(text)}
			}
			for word := words.FromString(text[:at[0]]); word.Next(); {
				for _, piece := range chop(word.Value(), size) {
					if !yield(piece) {
						return
					}
				}
			}
			if at[0] < at[1] && !yield(text[at[0]:at[1]]) {
				return
			}
			text = text[at[1]:]
		}
	}
}

// chop divides a "word" that is longer than a segment: text without spaces or
// letters, such as a line of dashes.
func chop(word string, size int) []string {
	if len(word) <= size {
		return []string{word}
	}
	var pieces []string
	for runes := []rune(word); len(runes) > 0; {
		n := min(size, len(runes))
		pieces = append(pieces, string(runes[:n]))
		runes = runes[n:]
	}
	return pieces
}
