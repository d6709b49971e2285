package gemini

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"verso/hooks/translation/engine"
)

// parseDocument reads {"blocks":[{"id":"…","text":"…"}, …]} and nothing else:
// one JSON document, white space around it apart, with exactly these fields,
// each once, spelt and typed like this. encoding/json alone would let through
// doubled and unknown fields, other capitals, null, and anything after the
// document's end. What the errors say holds none of the text.
func parseDocument(text string) ([]engine.Block, error) {
	if !utf8.ValidString(text) {
		return nil, errors.New("the answer is not UTF-8")
	}
	if !json.Valid([]byte(text)) {
		return nil, errors.New("the answer is not one JSON document")
	}
	// From here on the text is one JSON value, so every token exists.
	d := document{json.NewDecoder(strings.NewReader(text))}
	if !d.takes(json.Delim('{')) || !d.takes("blocks") || !d.takes(json.Delim('[')) {
		return nil, errors.New("the answer does not begin with the list of blocks")
	}
	blocks := []engine.Block{}
	for d.tokens.More() {
		block, err := d.block()
		if err != nil {
			return nil, fmt.Errorf("block %d of the answer %w", len(blocks)+1, err)
		}
		blocks = append(blocks, block)
	}
	if !d.takes(json.Delim(']')) || !d.takes(json.Delim('}')) {
		return nil, errors.New("the answer holds more than the list of blocks")
	}
	return blocks, nil
}

type document struct{ tokens *json.Decoder }

// takes reads the next token and reports whether it is the given one.
func (d document) takes(wanted json.Token) bool {
	token, err := d.tokens.Token()
	return err == nil && token == wanted
}

func (d document) block() (block engine.Block, err error) {
	if !d.takes(json.Delim('{')) {
		return block, errors.New("is not an object")
	}
	var hasID, hasText bool
	for d.tokens.More() {
		name, err := d.tokens.Token()
		if err != nil {
			return block, errors.New("ends too early")
		}
		field, seen := &block.ID, &hasID
		if name == json.Token("text") {
			field, seen = &block.Text, &hasText
		} else if name != json.Token("id") {
			return block, errors.New("has a field that is neither id nor text")
		}
		value, err := d.tokens.Token()
		written, isText := value.(string)
		if err != nil || !isText || *seen {
			return block, errors.New("has an id or a text that is no string or stands there twice")
		}
		*field, *seen = written, true
	}
	if !hasID || !hasText {
		return block, errors.New("lacks its id or its text")
	}
	if !d.takes(json.Delim('}')) {
		return block, errors.New("does not end")
	}
	return block, nil
}
