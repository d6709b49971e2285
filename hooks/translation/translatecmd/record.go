package translatecmd

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	"verso/hooks/translation/engine"
)

// sidecarVersion is the version of the sidecar's form.
const sidecarVersion = 1

// record is a line of the sidecar: the header first, and then what has come to
// pass, in its order. A later line about the same thing counts.
type record struct {
	Header  *header  `json:"verso,omitempty"`
	Found   *found   `json:"found,omitempty"`
	Brief   *brief   `json:"brief,omitempty"`
	Segment *segment `json:"segment,omitempty"`
	// Spent is what was used for this line, by model.
	Spent engine.Spending `json:"spent,omitempty"`
	// Output is the digest of a translation that was written, or was about to be.
	Output string `json:"output,omitempty"`
}

// header says what a sidecar belongs to. It holds no key, no path and no text.
type header struct {
	Version         int    `json:"version"`
	Source          string `json:"source"` // SHA-256 of the file
	Format          string `json:"format"`
	From            string `json:"from"`
	To              string `json:"to"`
	Engine          string `json:"engine"`
	Model           string `json:"model"`
	SegmentSize     int    `json:"segment_size"`
	PlannedSize     int    `json:"planned_size"`
	Encoding        string `json:"encoding,omitempty"`
	TranslatePre    bool   `json:"translate_pre,omitempty"`
	AnalyseStyle    bool   `json:"analyse_style"`
	AnalyseGlossary bool   `json:"analyse_glossary"`
	Given           string `json:"given"` // digest of --style and --glossary
	Plan            string `json:"plan"`  // digest of the segments
}

// found is the end of a question about the document.
type found struct {
	Question int              `json:"question"`
	Findings *engine.Findings `json:"findings"` // nil where the answer was no use
}

// segment is what became of a segment, or has so far.
type segment struct {
	Position int `json:"position"`
	// Blocks are verified translations.
	Blocks []engine.Block `json:"blocks"`
	// Issue says which blocks could not be translated, and why.
	Issue string `json:"issue,omitempty"`
	// Unfinished says that the run ended before the segment did.
	Unfinished bool `json:"unfinished,omitempty"`
}

// done reports whether nothing of a segment is to be asked for any more.
func (s *segment) done() bool { return s != nil && !s.Unfinished && s.Issue == "" }

// differs returns what is different about an order's header and the one that a
// sidecar has, "" where they belong together. What is planned anew each time is
// not compared.
func (h header) differs(sidecar header) string {
	switch {
	case h.Version != sidecar.Version:
		return "another version of Verso"
	case h.Source != sidecar.Source || h.Format != sidecar.Format:
		return "another file, or another state of this one"
	case h.From != sidecar.From || h.To != sidecar.To:
		return fmt.Sprintf("a translation from %s into %s", orUnknown(sidecar.From), sidecar.To)
	case h.Engine != sidecar.Engine || h.Model != sidecar.Model:
		return fmt.Sprintf("the engine %s and the model %s", sidecar.Engine, sidecar.Model)
	case h.SegmentSize != sidecar.SegmentSize:
		return fmt.Sprintf("--segment-size %d", sidecar.SegmentSize)
	case h.Encoding != sidecar.Encoding:
		return "another --encoding"
	case h.TranslatePre != sidecar.TranslatePre:
		return "another --translate-pre"
	case h.AnalyseStyle != sidecar.AnalyseStyle || h.AnalyseGlossary != sidecar.AnalyseGlossary || h.Given != sidecar.Given:
		return "another --style, --glossary or --no-analysis"
	}
	return ""
}

func orUnknown(tag string) string {
	if tag == "" {
		return "an unknown language"
	}
	return tag
}

// magic is how every sidecar begins.
const magic = `{"verso":{"version":`

var errForeign = errors.New("it is not of this command's making")

// errDamagedLine is a line that cannot be read although others follow it.
type errDamagedLine struct{ line int }

func (e errDamagedLine) Error() string { return fmt.Sprintf("its line %d cannot be read", e.line) }

// outputsIn returns the digests of what was written.
func outputsIn(records []record) (digests []string) {
	for _, r := range records {
		if r.Output != "" {
			digests = append(digests, r.Output)
		}
	}
	return digests
}

// marshalLine returns a record as a line.
func marshalLine(r record) ([]byte, error) {
	line, err := json.Marshal(r)
	return append(line, '\n'), err
}

// readRecords reads a sidecar, and returns with its records how many of its bytes
// are good. The last line may be torn: it was being written when the process or
// the machine went.
func readRecords(data []byte) (records []record, good int, err error) {
	head := data[:min(len(data), len(magic))]
	if !bytes.HasPrefix([]byte(magic), head) {
		return nil, 0, errForeign
	}
	for line := 1; good < len(data); line++ {
		end := bytes.IndexByte(data[good:], '\n')
		if end < 0 {
			return records, good, nil
		}
		var r record
		if err := json.Unmarshal(data[good:good+end], &r); err != nil || (line == 1) != (r.Header != nil) {
			if good+end+1 == len(data) && line > 1 {
				return records, good, nil
			}
			return records, good, errDamagedLine{line}
		}
		records = append(records, r)
		good += end + 1
	}
	return records, good, nil
}
