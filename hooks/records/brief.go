package records

import (
	"encoding/json"
	"time"

	"github.com/pocketbase/pocketbase/core"
)

// Brief is what the person who ordered a translation asked for: style,
// glossary and options. It stands beside the job, not in it, so that the job
// stays small enough to be sent with every step of progress.
type Brief struct {
	core.BaseRecordProxy
}

var _ core.RecordProxy = (*Brief)(nil)

// NewBrief wraps a record of [CollectionBriefs].
func NewBrief(record *core.Record) *Brief {
	b := &Brief{}
	b.SetProxyRecord(record)
	return b
}

// BriefOptions are the options of an upload that only the pipeline reads.
type BriefOptions struct {
	// Encoding is the IANA name of the source's character encoding, "" for
	// detection.
	Encoding string `json:"encoding,omitempty"`
	// TranslatePre has preformatted text translated too.
	TranslatePre bool `json:"translate_pre,omitempty"`
	// MaxCostUSD is the most the job may cost in US dollars; nil for no limit.
	MaxCostUSD *float64 `json:"max_cost_usd,omitempty"`
	// NoMemory switches the translation memory off for this job.
	NoMemory bool `json:"no_memory,omitempty"`
	// AnalyseStyle and AnalyseGlossary ask for what the user did not give to be
	// found in the document.
	AnalyseStyle    bool `json:"analyse_style,omitempty"`
	AnalyseGlossary bool `json:"analyse_glossary,omitempty"`
	// Review stops the job once, when its brief stands.
	Review bool `json:"review,omitempty"`
}

// BriefAnalysis says what was found in the document for a brief.
type BriefAnalysis struct {
	// Edited says that a person has changed what was found.
	Edited bool `json:"edited,omitempty"`
	// Done says that the document was analysed, whatever was found.
	Done bool `json:"done,omitempty"`
	// Style and Glossary say which of the two were found.
	Style    bool `json:"style,omitempty"`
	Glossary bool `json:"glossary,omitempty"`
	// Questions counts what was asked, Unanswered what brought no findings.
	Questions  int `json:"questions,omitempty"`
	Unanswered int `json:"unanswered,omitempty"`
	// Found holds the answers to questions by their digest, while not all of them
	// have come.
	Found map[string]json.RawMessage `json:"found,omitempty"`
	// Conflicts are terms that were found with several translations.
	Conflicts []Conflict `json:"conflicts,omitempty"`
}

// Conflict is a term that was found with several translations, and which of them
// stands.
type Conflict struct {
	Term   string   `json:"term"`
	Chosen string   `json:"chosen"`
	Others []string `json:"others"`
}

// Term is one entry of a glossary.
type Term struct {
	// Term is the word or phrase as it stands in the source.
	Term string `json:"term"`
	// Translation is what it must become in the target language.
	Translation string `json:"translation"`
	// Kind is "person", "place", "organisation", "thing" or "concept"; "" where it
	// is not known.
	Kind string `json:"kind,omitempty"`
	// Gender is "female", "male", "neuter" or "plural" where that matters.
	Gender string `json:"gender,omitempty"`
	// Aliases are other names that the source has for the same.
	Aliases []string `json:"aliases,omitempty"`
}

// Revision returns the number of changes of the style and the glossary so far.
func (b *Brief) Revision() int { return b.GetInt("revision") }

// SegmentTook returns how long a segment took in the job's last run, or 0.
func (b *Brief) SegmentTook() time.Duration {
	return time.Duration(b.GetInt("segment_ms")) * time.Millisecond
}

// Style decodes the style the user gave: free keys, text values.
func (b *Brief) Style() (map[string]any, error) {
	style := map[string]any{}
	return style, b.UnmarshalJSONField("style_data", &style)
}

// Glossary decodes the glossary the user gave.
func (b *Brief) Glossary() ([]Term, error) {
	var terms []Term
	return terms, b.UnmarshalJSONField("glossary_data", &terms)
}

// Analysis decodes what was found in the document.
func (b *Brief) Analysis() (BriefAnalysis, error) {
	var analysis BriefAnalysis
	return analysis, b.UnmarshalJSONField("analysis", &analysis)
}

// Options decodes the options of the upload.
func (b *Brief) Options() (BriefOptions, error) {
	var options BriefOptions
	return options, b.UnmarshalJSONField("options", &options)
}
