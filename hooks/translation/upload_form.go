package translation

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/pocketbase/pocketbase/core"
	"golang.org/x/text/language"

	"verso/hooks/records"
	"verso/hooks/refusal"
	"verso/hooks/translation/engine"
)

const (
	// Bounds of segment_size, in characters, and its default (contract §4).
	minSegmentSize, maxSegmentSize, defaultSegmentSize = 500, 100000, 15000

	maxStyleBytes     = 64 << 10
	maxGlossaryTerms  = 5000
	maxTermCharacters = 500
	maxAliases        = 20
	maxAliasLength    = 120
	// maxGlossaryBytes bounds all texts of a glossary together.
	maxGlossaryBytes  = 2 << 20
	maxAPIKeyBytes    = 4096
	maxModelBytes     = 255
	maxIdempotencyKey = 255
)

// fieldError is a form field that cannot be used: which one, and what it
// accepts. It never holds the value.
type fieldError struct{ field, accepted string }

func (e *fieldError) Error() string {
	return fmt.Sprintf("The field %q cannot be used: it takes %s.", e.field, e.accepted)
}

// badField refuses a form or a body because of what is wrong with one of its fields.
func badField(e *core.RequestEvent, err error) error {
	var wrong *fieldError
	if !errors.As(err, &wrong) {
		return e.BadRequestError(err.Error(), nil)
	}
	return refusal.Field(http.StatusBadRequest, wrong.field, wrong.Error(), nil)
}

// read makes a job of the form's fields. The answer to a wrong field says
// which one, and what it accepts.
func (p *plugin) read(e *core.RequestEvent, got *received, jobID string) (newJob, error) {
	job, err := p.readFields(got.fields)
	if err == nil {
		err = p.checkKey(&job, got.fields["api_key"])
	}
	if err != nil {
		return job, badField(e, err)
	}
	job.ID, job.OwnerID = jobID, e.Auth.Id
	job.Filename, job.Source = got.filename, got.name
	if apiKey := got.fields["api_key"]; apiKey != "" {
		job.SealedKey = p.sealer.seal(jobID, apiKey)
	}

	job.IdempotencyKey = e.Request.Header.Get("Idempotency-Key")
	if len(job.IdempotencyKey) > maxIdempotencyKey || !utf8.ValidString(job.IdempotencyKey) {
		return job, e.BadRequestError(fmt.Sprintf("The Idempotency-Key cannot be used: it takes up to %d bytes of UTF-8.", maxIdempotencyKey), nil)
	}
	job.Fingerprint = p.sealer.fingerprint(got)
	return job, nil
}

func (p *plugin) readFields(fields map[string]string) (job newJob, err error) {
	for name, value := range fields {
		if !utf8.ValidString(value) || strings.ContainsRune(value, 0) {
			return job, &fieldError{name, "text in UTF-8"}
		}
	}
	var info engine.Info
	if info, err = p.readEngine(fields["engine"]); err != nil {
		return job, err
	}
	job.Engine = info.Name
	if job.Model, err = p.readModel(fields["model_name"], info); err != nil {
		return job, err
	}
	if job.TargetLanguage, err = readLanguage("target_language", fields["target_language"]); err != nil {
		return job, err
	}
	if job.TargetLanguage == "" {
		job.TargetLanguage = p.config.DefaultTargetLanguage
	}
	if job.SourceLanguage, err = readLanguage("source_language", fields["source_language"]); err != nil {
		return job, err
	}
	if job.SegmentSize, err = readSegmentSize(fields["segment_size"]); err != nil {
		return job, err
	}
	if job.Style, err = readStyle(fields["style_data"]); err != nil {
		return job, err
	}
	if job.Glossary, err = readGlossary(fields["glossary_data"]); err != nil {
		return job, err
	}
	if job.Options, err = readOptions(fields); err != nil {
		return job, err
	}
	return job, nil
}

// checkKey refuses a job for which there is no key, or one that cannot be any.
func (p *plugin) checkKey(job *newJob, apiKey string) error {
	if _, priced := p.engines[job.Engine].(engine.Priced); priced && apiKey == "" && *p.config.MonthlyLimit == 0 {
		return &fieldError{"api_key", "your API key, because this server lends none"}
	}
	return checkAPIKey(apiKey, p.engines[job.Engine].Info())
}

// checkBudget refuses limits of money that cannot be held, because nobody knows
// what the model costs.
func (p *plugin) checkBudget(job *newJob, apiKey string) error {
	if p.engines[job.Engine].Info().Free || p.priceKnown(job.Engine, job.Model) {
		return nil
	}
	if job.Options.MaxCostUSD != nil {
		return &fieldError{"max_cost_usd", "nothing for this model, because its price is not known"}
	}
	if _, priced := p.engines[job.Engine].(engine.Priced); priced && apiKey == "" && *p.config.MonthlyLimit != NoLimit {
		return &fieldError{"api_key", "your own key for this model, because its price is not known"}
	}
	return nil
}

// priceKnown reports whether an engine tells what a model costs.
func (p *plugin) priceKnown(name, model string) bool {
	priced, ok := p.engines[name].(engine.Priced)
	if !ok {
		return false
	}
	_, known := priced.Price(model)
	return known
}

// readEngine finds the engine of that name, or the default.
func (p *plugin) readEngine(name string) (engine.Info, error) {
	if name == "" {
		return p.config.Engines[0].Info(), nil
	}
	if found, ok := p.engines[name]; ok {
		return found.Info(), nil
	}
	var names []string
	for _, e := range p.config.Engines {
		names = append(names, e.Info().Name)
	}
	return engine.Info{}, &fieldError{"engine", "one of " + strings.Join(names, ", ")}
}

func (p *plugin) readModel(name string, info engine.Info) (string, error) {
	// A model is one, with whatever prefix it is named, for limits and the memory.
	switch name = strings.TrimPrefix(strings.TrimSpace(name), "models/"); {
	case name == "" && p.config.DefaultModel != "" && p.defaultModelOf() == info.Name:
		return p.config.DefaultModel, nil
	case name == "":
		return info.Models[0], nil
	case len(name) > maxModelBytes || strings.ContainsFunc(name, func(r rune) bool { return !unicode.IsPrint(r) }):
		return "", &fieldError{"model_name", fmt.Sprintf("a name of at most %d printable characters", maxModelBytes)}
	}
	return name, nil
}

// defaultModelOf returns whose the default model is: the engine's that knows it, or the
// first one's where none does, as of a model that has just come out.
func (p *plugin) defaultModelOf() string {
	for _, e := range p.config.Engines {
		if info := e.Info(); slices.Contains(info.Models, p.config.DefaultModel) {
			return info.Name
		}
	}
	return p.config.Engines[0].Info().Name
}

// readLanguage returns a language tag in its canonical form, or "".
func readLanguage(field, value string) (string, error) {
	if value = strings.TrimSpace(value); value == "" {
		return "", nil
	}
	tag, err := language.Parse(value)
	private := slices.ContainsFunc(tag.Extensions(), func(e language.Extension) bool { return e.Type() == 'x' })
	if err != nil || tag == language.Und || len(value) > 100 || private {
		return "", &fieldError{field, "a BCP 47 language tag, such as ko, pt-BR or zh-Hant"}
	}
	return tag.String(), nil
}

func readSegmentSize(value string) (int, error) {
	if value = strings.TrimSpace(value); value == "" {
		return defaultSegmentSize, nil
	}
	size, err := strconv.Atoi(value)
	if err != nil || size < minSegmentSize || size > maxSegmentSize {
		return 0, &fieldError{"segment_size", fmt.Sprintf("a whole number of characters from %d to %d", minSegmentSize, maxSegmentSize)}
	}
	return size, nil
}

func readStyle(value string) (map[string]any, error) {
	style := map[string]any{}
	if strings.TrimSpace(value) == "" {
		return style, nil
	}
	if len(value) > maxStyleBytes || json.Unmarshal([]byte(value), &style) != nil || style == nil {
		return nil, wrongStyle("style_data")
	}
	return style, nil
}

func wrongStyle(field string) error {
	return &fieldError{field, fmt.Sprintf("a JSON object of at most %d KB", maxStyleBytes>>10)}
}

func readGlossary(value string) ([]records.Term, error) {
	if strings.TrimSpace(value) == "" {
		return nil, nil
	}
	var terms []records.Term
	if json.Unmarshal([]byte(value), &terms) != nil {
		return nil, wrongGlossary("glossary_data")
	}
	return terms, tidyTerms("glossary_data", terms)
}

func wrongGlossary(field string) error {
	return &fieldError{field, fmt.Sprintf(
		`a JSON list of at most %d {"term": …, "translation": …}, neither of them empty or longer than %d characters, with at most %d aliases of %d characters, and %d MB in all`,
		maxGlossaryTerms, maxTermCharacters, maxAliases, maxAliasLength, maxGlossaryBytes>>20)}
}

// tidyTerms trims terms, or says that they cannot be used.
func tidyTerms(field string, terms []records.Term) error {
	if len(terms) > maxGlossaryTerms {
		return wrongGlossary(field)
	}
	bytes := 0
	for i := range terms {
		term := &terms[i]
		term.Term, term.Translation = strings.TrimSpace(term.Term), strings.TrimSpace(term.Translation)
		if term.Term == "" || term.Translation == "" || len(term.Aliases) > maxAliases {
			return wrongGlossary(field)
		}
		for _, text := range term.Aliases {
			if utf8.RuneCountInString(text) > maxAliasLength {
				return wrongGlossary(field)
			}
		}
		for _, text := range append([]string{term.Term, term.Translation, term.Kind, term.Gender}, term.Aliases...) {
			if utf8.RuneCountInString(text) > maxTermCharacters || strings.ContainsRune(text, 0) {
				return wrongGlossary(field)
			}
			bytes += len(text)
		}
	}
	if bytes > maxGlossaryBytes {
		return wrongGlossary(field)
	}
	return nil
}

func readOptions(fields map[string]string) (options records.BriefOptions, err error) {
	options.Encoding = strings.TrimSpace(fields["encoding"])
	if value := strings.TrimSpace(fields["max_cost_usd"]); value != "" {
		limit, err := strconv.ParseFloat(value, 64)
		if err != nil || limit < 0 || math.IsNaN(limit) || math.IsInf(limit, 0) {
			return options, &fieldError{"max_cost_usd", "an amount in US dollars, such as 2.50"}
		}
		options.MaxCostUSD = &limit
	}
	if options.TranslatePre, err = readBool("translate_pre", fields["translate_pre"], false); err != nil {
		return options, err
	}
	memory, err := readBool("memory", fields["memory"], true)
	if err != nil {
		return options, err
	}
	options.NoMemory = !memory
	options.AnalyseStyle = strings.TrimSpace(fields["style_data"]) == ""
	options.AnalyseGlossary = strings.TrimSpace(fields["glossary_data"]) == ""
	options.Review, err = readBool("review", fields["review"], false)
	return options, err
}

func readBool(field, value string, otherwise bool) (bool, error) {
	if value = strings.TrimSpace(value); value == "" {
		return otherwise, nil
	}
	parsed, err := strconv.ParseBool(value)
	if err != nil {
		return false, &fieldError{field, "true or false"}
	}
	return parsed, nil
}

func checkAPIKey(apiKey string, info engine.Info) error {
	if apiKey == "" && info.NeedsKey {
		return &fieldError{"api_key", "your API key, because this server has none of its own for this engine"}
	}
	if len(apiKey) > maxAPIKeyBytes || strings.ContainsFunc(apiKey, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return &fieldError{"api_key", "an API key as it is, without spaces or line breaks"}
	}
	return nil
}

// fingerprint digests an upload, so that it can be told from another without
// keeping any of it. It is keyed, because the fields hold an API key.
func (s *sealer) fingerprint(got *received) string {
	mac := hmac.New(sha256.New, s.mac)
	field := func(name, value string) { fmt.Fprintf(mac, "%s %d %s\n", name, len(value), value) }
	for _, name := range slices.Sorted(maps.Keys(got.fields)) {
		field(name, got.fields[name])
	}
	field("filename", got.filename)
	mac.Write(got.digest[:])
	return hex.EncodeToString(mac.Sum(nil))
}
