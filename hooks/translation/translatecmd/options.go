package translatecmd

import (
	"math"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/spf13/cobra"
	"golang.org/x/text/language"

	"verso/hooks/translation/engine"
)

const (
	// Bounds of --segment-size, in characters, and its default (contract §4).
	minSegmentSize, maxSegmentSize, defaultSegmentSize = 500, 100000, 15000
	// defaultConcurrency is how many segments are in flight, as of a job in the
	// service; maxConcurrency is more than any key allows.
	defaultConcurrency, maxConcurrency = 8, 256

	maxModelBytes = 255
)

// options are the command line as it was given.
type options struct {
	file string

	to, from, engine, model        string
	out, style, glossary, encoding string
	maxCost                        string
	segmentSize, concurrency       int
	yes, force, restart, keep      bool
	quote, brief, noAnalysis       bool
	bilingual, translatePre        bool
}

func (o *options) bind(command *cobra.Command) {
	flags := command.Flags()
	flags.StringVar(&o.to, "to", "", "the language to translate into, as a BCP 47 tag such as ko or pt-BR (required)")
	flags.StringVar(&o.from, "from", "", "the language of the file (default: as detected)")
	flags.StringVar(&o.engine, "engine", "", "who translates: gemini, or pseudo, which accents letters and costs nothing (default: the first of VERSO_ENGINES)")
	flags.StringVar(&o.model, "model", "", "the engine's model (default: VERSO_DEFAULT_MODEL, or the engine's own)")
	flags.StringVarP(&o.out, "output", "o", "", "the file, or the folder, to write to (default: FILE with the language before its extension)")
	flags.StringVar(&o.style, "style", "", "a JSON object with the style to keep to (default: found by analysis)")
	flags.StringVar(&o.glossary, "glossary", "", "terms and their translations, as a JSON list or as CSV (default: found by analysis)")
	flags.IntVar(&o.segmentSize, "segment-size", defaultSegmentSize, "the most characters that are asked for at once, 500 to 100000")
	flags.StringVar(&o.maxCost, "max-cost", "", "the most that the translation may cost, in US dollars")
	flags.IntVar(&o.concurrency, "concurrency", defaultConcurrency, "how many segments are asked for side by side")
	flags.BoolVarP(&o.yes, "yes", "y", false, "do not ask whether the price is right")
	flags.BoolVar(&o.bilingual, "bilingual", false, "set the source below each translation")
	flags.StringVar(&o.encoding, "encoding", "", "the character encoding of a text file, such as Shift_JIS (default: as detected)")
	flags.BoolVar(&o.translatePre, "translate-pre", false, "translate preformatted text too")
	flags.BoolVar(&o.noAnalysis, "no-analysis", false, "do not look for a style and for terms first")
	flags.BoolVar(&o.quote, "quote", false, "print as JSON what the translation is going to take, and end")
	flags.BoolVar(&o.brief, "brief", false, "print the style and the terms as JSON, looking for them if need be, and end")
	flags.BoolVar(&o.force, "force", false, "write over a file that another program made")
	flags.BoolVar(&o.restart, "restart", false, "throw away what an earlier run has left, and begin anew")
	flags.BoolVar(&o.keep, "keep", false, "keep OUT.verso when all is translated")
}

// wrongFlag says of a flag what it takes. It never repeats the value.
func wrongFlag(flag, accepted string) *Exit {
	return wrongUse("--%s: cannot be used; it takes %s", flag, accepted)
}

// languages returns the tags of --to and --from in their canonical form.
func (o *options) languages() (to, from string, err error) {
	if strings.TrimSpace(o.to) == "" {
		return "", "", wrongUse("--to: is missing; name the language to translate into, such as --to ko")
	}
	if to, err = readLanguage("to", o.to); err != nil {
		return "", "", err
	}
	from, err = readLanguage("from", o.from)
	return to, from, err
}

func readLanguage(flag, value string) (string, error) {
	if value = strings.TrimSpace(value); value == "" {
		return "", nil
	}
	tag, err := language.Parse(value)
	if err != nil || tag == language.Und || len(value) > 100 {
		return "", wrongFlag(flag, "a BCP 47 language tag, such as ko, pt-BR or zh-Hant")
	}
	return tag.String(), nil
}

// check returns what is wrong with the numbers.
func (o *options) check() error {
	if o.segmentSize < minSegmentSize || o.segmentSize > maxSegmentSize {
		return wrongFlag("segment-size", "a whole number of characters from 500 to 100000")
	}
	if o.concurrency < 1 || o.concurrency > maxConcurrency {
		return wrongFlag("concurrency", "a whole number from 1 to 256")
	}
	if o.quote && o.brief {
		return wrongUse("--quote and --brief: give one of them")
	}
	return nil
}

// budget returns the amount of --max-cost; nil where there is none.
func (o *options) budget() (*engine.USD, error) {
	value := strings.TrimPrefix(strings.TrimSpace(o.maxCost), "$")
	if value == "" {
		return nil, nil
	}
	amount, err := strconv.ParseFloat(value, 64)
	if err != nil || amount < 0 || math.IsNaN(amount) || math.IsInf(amount, 0) {
		return nil, wrongFlag("max-cost", "an amount in US dollars, such as 2.50")
	}
	return new(engine.Dollars(amount)), nil
}

// chooseEngine returns the engine that is asked, and its model.
func (o *options) chooseEngine(config Config) (engine.Engine, string, error) {
	chosen := config.Engines[0]
	if o.engine != "" {
		var names []string
		chosen = nil
		for _, eng := range config.Engines {
			names = append(names, eng.Info().Name)
			if eng.Info().Name == o.engine {
				chosen = eng
			}
		}
		if chosen == nil {
			return nil, "", wrongFlag("engine", "one of "+strings.Join(names, ", "))
		}
	}
	info := chosen.Info()
	switch name := strings.TrimSpace(o.model); {
	case name == "" && config.DefaultModel != "" && info.Name == config.Engines[0].Info().Name:
		return chosen, config.DefaultModel, nil
	case name == "":
		return chosen, info.Models[0], nil
	case len(name) > maxModelBytes || !utf8.ValidString(name) || strings.ContainsFunc(name, func(r rune) bool { return !unicode.IsPrint(r) }):
		return nil, "", wrongFlag("model", "the name of one of the engine's models")
	default:
		return chosen, name, nil
	}
}
