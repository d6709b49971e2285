// Package translatecmd is "verso translate": the service's pipeline on one file,
// without server, data directory, database or account.
//
//	command := translatecmd.NewCommand(func() (translatecmd.Config, error) {
//		return translatecmd.Config{Formats: formats, Engines: engines}, nil
//	})
//	root.AddCommand(command)
//
// What is asked of the engine is what the service asks: the same segments, the
// same brief, the same context, terms, verification and ladder, which are the
// packages below translation. What the service keeps in its ledger stands here in
// a file beside the output, the sidecar: one line for each settled segment, on
// the disk before the next thing happens. So a run that ends in whatever way is
// gone on with by the same command, and nothing that is settled is asked for
// twice.
//
// One goroutine owns all that is known of a run (its queue, lanes, money, sidecar
// and progress); each request in flight is one more, which only asks and reports.
package translatecmd

import (
	"errors"
	"os"
	"time"

	"github.com/spf13/cobra"

	"verso/hooks/translation/document"
	"verso/hooks/translation/engine"
	"verso/hooks/translation/lane"
)

// Config configures the command.
type Config struct {
	// Formats are the file formats on offer, in the order in which a file is
	// tried on them. Required.
	Formats document.Formats
	// Engines are the engines on offer, the default first. Required.
	Engines []engine.Engine
	// DefaultModel is the model of the default engine where --model names none.
	// Default: the engine's own.
	DefaultModel string
	// Limits are the requests and input tokens a minute that an engine may be
	// asked for with one model, by the engine's name. Default: none, and what the
	// engine allows is learned from its refusals.
	Limits map[string]lane.Limits
	// EngineTimeout bounds one request to an engine. Default: 2 minutes.
	EngineTimeout time.Duration
	// MaxBytes is the largest file. Default: 512 MiB.
	MaxBytes int64
	// Grace is how long requests in flight may be answered after an interruption.
	// Default: 5 seconds.
	Grace time.Duration
	// Patience is how long an engine that answers nobody is asked again before the
	// command gives up for now. Default: 2 minutes.
	Patience time.Duration
	// Signals are what interrupts a run: the first lets requests in flight be
	// answered, the second ends it at once. Default: the process's SIGINT and
	// SIGTERM.
	Signals <-chan os.Signal
	// IsTerminal says of one of the command's streams whether a person sits at it.
	// Default: what the system says.
	IsTerminal func(stream any) bool
}

func (c *Config) complete() error {
	switch {
	case len(c.Formats) == 0:
		return errors.New("translatecmd: Config.Formats is empty")
	case len(c.Engines) == 0:
		return errors.New("translatecmd: Config.Engines is empty")
	}
	setDefault(&c.EngineTimeout, 2*time.Minute)
	setDefault(&c.MaxBytes, 512<<20)
	setDefault(&c.Grace, 5*time.Second)
	setDefault(&c.Patience, 2*time.Minute)
	if c.IsTerminal == nil {
		c.IsTerminal = isTerminal
	}
	return nil
}

func setDefault[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}

// NewCommand returns "translate". config is asked for when the command runs; its
// errors are wrong use, since they come from the environment. The command's own
// errors are an [*Exit].
func NewCommand(config func() (Config, error)) *cobra.Command {
	options := &options{}
	command := &cobra.Command{
		Use:           "translate FILE --to LANGUAGE",
		Short:         "Translates one file, without a server",
		Long:          long,
		Example:       example,
		SilenceUsage:  true,
		SilenceErrors: true,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return wrongUse("one FILE is to be named; see verso translate --help")
			}
			return nil
		},
		RunE: func(command *cobra.Command, args []string) error {
			config, err := config()
			if err == nil {
				err = config.complete()
			}
			if err != nil {
				return wrongUse("%v", err)
			}
			options.file = args[0]
			t := &translate{
				config: config, options: options,
				in: command.InOrStdin(), out: command.OutOrStdout(), err: command.ErrOrStderr(),
			}
			return t.guarded(command.Context())
		},
	}
	command.SetFlagErrorFunc(func(_ *cobra.Command, err error) error {
		return wrongUse("%v; see verso translate --help", err)
	})
	options.bind(command)
	return command
}

const example = `  verso translate book.epub --to de
  verso translate book.epub --to ko --quote
  verso translate letters.docx --to fr --glossary names.csv --max-cost 0.50 --yes`

const long = `Translates one file into a file of the same format, as the service does, without
server, data directory or account. What it is going to cost is said, and asked
about, before anything is spent. The path of the translation goes to standard
output, everything else to standard error.

What is translated is written to OUT.verso at once, so the same command goes on
with a run that was interrupted, and asks for nothing twice. Where passages stay
untranslated, running it again asks for those alone.

The environment, or a .env file, says the rest: GEMINI_API_KEY,
GOOGLE_GEMINI_BASE_URL, VERSO_GEMINI_RPM, VERSO_GEMINI_TPM, VERSO_DEFAULT_MODEL,
VERSO_ENGINES, VERSO_ENGINE_TIMEOUT.

Exit codes: 0 all is translated; 1 it failed, or you said no; 2 wrong use, or
nobody there to say yes; 3 written, with passages left in the source language;
75 try again later; 77 the key or the model is refused; 78 --max-cost is reached;
130 interrupted.`
