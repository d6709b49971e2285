package translatecmd

import (
	"errors"
	"fmt"
	"time"

	"verso/hooks/translation/engine"
)

// ended says why a run has ended before all was translated.
func (t *translate) ended(job *job, err error) error {
	var exit *Exit
	var failure *engine.Error
	var away errAway
	state := fmt.Sprintf("%d of %d segments are translated", len(job.segments)-len(job.open()), len(job.segments))
	if words := spentWords(job); words != "" && len(job.spent) > 0 {
		state += ", for " + words + " so far"
	}
	switch {
	case errors.As(err, &exit):
		return exit
	case errors.Is(err, errInterrupted):
		return exitf(ExitInterrupted, "Interrupted: %s. %s", state, goOn)
	case errors.As(err, new(errBudget)):
		return exitf(ExitBudget, "What --max-cost allows is not enough for another question: %s. Run the same command with a higher --max-cost to go on.", state)
	case errors.As(err, &away):
		return exitf(ExitLater, "The engine has not answered anybody for a while (%s): %s. Run the same command again later to go on.", engine.KindOf(away.last), state)
	case errors.As(err, &failure) && failure.Kind == engine.QuotaExhausted:
		return exitf(ExitLater, "The quota of the day is used up until %s: %s. Run the same command again then to go on.", clockTime(failure.Until, time.Now()), state)
	case errors.As(err, &failure) && failure.Kind.Refused():
		return t.refused(failure)
	}
	return failed("The translation has ended: %v. %s", err, goOn)
}

// refused says what to do about a key or a model that the engine does not take.
func (t *translate) refused(err error) error {
	var failure *engine.Error
	detail := ""
	if errors.As(err, &failure) && failure.Detail != "" {
		detail = ", because " + failure.Detail
	}
	switch {
	case t.order.engine.Info().NeedsKey:
		return exitf(ExitRefused, "GEMINI_API_KEY: is missing; set it, in the environment or in a .env file, to a key from https://aistudio.google.com/apikey.")
	case engine.KindOf(err) == engine.ModelRefused:
		return exitf(ExitRefused, "The model %s does not exist, or is not open to your key%s; choose another with --model, and add --restart where something is translated already.", t.order.model, detail)
	}
	return exitf(ExitRefused, "The API key is refused%s; set GEMINI_API_KEY to another one. What is translated is kept, and the same command goes on.", detail)
}
