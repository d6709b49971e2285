package translatecmd

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"verso/hooks/translation/document/charset"
	"verso/hooks/translation/pipeline"
)

// Bounds of what may be given of a brief, as the service has them.
const (
	maxStyleBytes     = 64 << 10
	maxGlossaryBytes  = 16 << 20
	maxGlossaryTerms  = 5000
	maxTermCharacters = 500
	maxAliases        = 50
)

// readStyle reads the file of --style.
func readStyle(path string) (map[string]any, error) {
	data, err := readSmall("style", path, maxStyleBytes)
	if err != nil {
		return nil, err
	}
	style := map[string]any{}
	if json.Unmarshal(data, &style) != nil || style == nil {
		return nil, wrongFlag("style", fmt.Sprintf("a file with a JSON object of at most %d KB", maxStyleBytes>>10))
	}
	return style, nil
}

// readGlossary reads the file of --glossary.
func readGlossary(path string) (terms []pipeline.Term, err error) {
	data, err := readSmall("glossary", path, maxGlossaryBytes)
	if err != nil {
		return nil, err
	}
	if strings.EqualFold(filepath.Ext(path), ".csv") {
		terms, err = parseCSV(data)
	} else {
		err = json.Unmarshal(data, &terms)
	}
	if err != nil {
		return nil, wrongGlossary()
	}
	return terms, tidy(terms)
}

func wrongGlossary() *Exit {
	return wrongFlag("glossary", fmt.Sprintf(
		`a .json file with a list of {"term": …, "translation": …}, or a .csv file with rows of term,translation,kind,gender,aliases (the last three may be left out); at most %d of them, none empty or longer than %d characters`,
		maxGlossaryTerms, maxTermCharacters))
}

// parseCSV reads rows of term, translation, kind, gender, and aliases with bars
// between, as spreadsheets write them: with commas, semicolons or tabs, and with
// a row of titles or without.
func parseCSV(data []byte) ([]pipeline.Term, error) {
	text, _, err := charset.Decode(string(data), "")
	if err != nil {
		return nil, fmt.Errorf("decode glossary: %w", err)
	}
	first, _, _ := strings.Cut(text, "\n")
	rows := csv.NewReader(strings.NewReader(text))
	rows.FieldsPerRecord, rows.TrimLeadingSpace = -1, true
	for _, comma := range ";\t" {
		if strings.Count(first, string(comma)) > strings.Count(first, string(rows.Comma)) {
			rows.Comma = comma
		}
	}
	var terms []pipeline.Term
	for {
		row, err := rows.Read()
		if errors.Is(err, io.EOF) {
			return terms, nil
		}
		if err != nil || len(row) < 2 {
			return nil, errors.New("a row that is none")
		}
		if len(terms) == 0 && strings.EqualFold(strings.TrimSpace(row[0]), "term") {
			continue
		}
		row = append(row, "", "", "")
		term := pipeline.Term{Term: row[0], Translation: row[1], Kind: strings.TrimSpace(row[2]), Gender: strings.TrimSpace(row[3])}
		for alias := range strings.SplitSeq(row[4], "|") {
			if alias = strings.TrimSpace(alias); alias != "" {
				term.Aliases = append(term.Aliases, alias)
			}
		}
		terms = append(terms, term)
	}
}

// tidy trims terms, or says that they cannot be used.
func tidy(terms []pipeline.Term) error {
	if len(terms) > maxGlossaryTerms {
		return wrongGlossary()
	}
	for i := range terms {
		term := &terms[i]
		term.Term, term.Translation = strings.TrimSpace(term.Term), strings.TrimSpace(term.Translation)
		if term.Term == "" || term.Translation == "" || len(term.Aliases) > maxAliases {
			return wrongGlossary()
		}
		for _, text := range append([]string{term.Term, term.Translation, term.Kind, term.Gender}, term.Aliases...) {
			if utf8.RuneCountInString(text) > maxTermCharacters || strings.ContainsRune(text, 0) {
				return wrongGlossary()
			}
		}
	}
	return nil
}

// readSmall reads a file that a flag names, without a byte order mark.
func readSmall(flag, path string, most int64) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, wrongUse("--%s: the file %s cannot be opened: %s", flag, path, reason(err))
	}
	defer file.Close() // only read
	data, err := io.ReadAll(io.LimitReader(file, most+1))
	switch {
	case err != nil:
		return nil, wrongUse("--%s: the file %s cannot be read: %s", flag, path, reason(err))
	case int64(len(data)) > most:
		return nil, wrongFlag(flag, fmt.Sprintf("a file of at most %d KB", most>>10))
	}
	return bytes.TrimPrefix(data, []byte(charset.BOM)), nil
}

// reason returns what the system says of a file, without its path.
func reason(err error) string {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err.Error()
	}
	var link *os.LinkError
	if errors.As(err, &link) {
		return link.Err.Error()
	}
	return err.Error()
}
