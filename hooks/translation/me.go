package translation

import (
	"context"
	"fmt"
	"net/http"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"verso/hooks/records"
	"verso/hooks/translation/engine"
)

// meView is a user with what he has used.
type meView struct {
	ID             string  `json:"id"`
	ClerkUserID    string  `json:"clerk_user_id"`
	Email          *string `json:"email"`
	Name           *string `json:"name"`
	ImageURL       *string `json:"image_url"`
	ClerkUpdatedAt *string `json:"clerk_updated_at"` // nil for one of whom Clerk has not been heard
	CreatedAt      string  `json:"created_at"`
	UpdatedAt      string  `json:"updated_at"`
	Usage          usage   `json:"usage"`
}

// usage is what a user's jobs have used, those that are still there.
type usage struct {
	Jobs           int     `json:"jobs" db:"jobs"`
	InputTokens    int     `json:"input_tokens" db:"input"`
	OutputTokens   int     `json:"output_tokens" db:"output"`
	ThinkingTokens int     `json:"thinking_tokens" db:"thinking"`
	CostUSD        float64 `json:"cost_usd" db:"cost"`
	// Month is what the calendar month has cost on the server's keys, also for
	// jobs that were deleted.
	Month month `json:"month" db:"-"`
}

// month is what a user has spent of what he may spend on the server's keys.
type month struct {
	Month    string      `json:"month"`
	CostUSD  engine.USD  `json:"cost_usd"`
	LimitUSD *engine.USD `json:"limit_usd"` // nil for no limit
}

// viewMe answers GET /api/v1/me.
func (p *plugin) viewMe(e *core.RequestEvent) error {
	if e.Auth.IsSuperuser() {
		return e.ForbiddenError("A superuser has no translations of his own; sign in as a user.", nil)
	}
	user := records.NewUser(e.Auth)
	used, err := p.ledger.usageOf(e.Request.Context(), user.Id)
	if err != nil {
		return e.InternalServerError("", err)
	}
	used.Month.Month = monthOf(p.runner.now())
	used.Month.CostUSD, err = p.ledger.spentInMonth(e.Request.Context(), user.Id, used.Month.Month)
	if err != nil {
		return e.InternalServerError("", err)
	}
	if limit := *p.config.MonthlyLimit; limit != NoLimit {
		used.Month.LimitUSD = &limit
	}
	return e.JSON(http.StatusOK, meView{
		ID:             user.Id,
		ClerkUserID:    user.ClerkUserID(),
		Email:          textOrNull(user.ClerkEmail()),
		Name:           textOrNull(user.Name()),
		ImageURL:       textOrNull(user.ImageURL()),
		ClerkUpdatedAt: timeOrNull(user.ClerkUpdatedAt()),
		CreatedAt:      user.GetDateTime("created_at").Time().UTC().Format(timeFormat),
		UpdatedAt:      user.GetDateTime("updated_at").Time().UTC().Format(timeFormat),
		Usage:          used,
	})
}

// usageOf sums what a user's jobs have used.
func (l *ledger) usageOf(ctx context.Context, ownerID string) (usage, error) {
	var used usage
	err := l.app.ConcurrentDB().NewQuery(`
		SELECT COUNT(*) AS jobs, COALESCE(SUM(input_tokens), 0) AS input, COALESCE(SUM(output_tokens), 0) AS output,
		       COALESCE(SUM(thinking_tokens), 0) AS thinking, ROUND(COALESCE(SUM(cost_usd), 0), 9) AS cost
		FROM translation_jobs WHERE owner_id = {:owner}`).
		WithContext(ctx).Bind(dbx.Params{"owner": ownerID}).One(&used)
	if err != nil {
		return used, fmt.Errorf("sum usage: %w", err)
	}
	return used, nil
}

// forgetMemory answers DELETE /api/v1/memory: it empties the user's translation
// memory.
func (p *plugin) forgetMemory(e *core.RequestEvent) error {
	if e.Auth.IsSuperuser() {
		return e.ForbiddenError("A superuser has no memory of his own; sign in as a user.", nil)
	}
	err := p.ledger.transaction(e.Request.Context(), func(tx tx) error {
		return tx.run(`DELETE FROM translation_memory WHERE owner = {:owner}`, dbx.Params{"owner": e.Auth.Id})
	})
	if err != nil {
		return e.InternalServerError("The memory could not be emptied. Try again.", err)
	}
	return e.NoContent(http.StatusNoContent)
}
