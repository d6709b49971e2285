package migrations

import (
	"slices"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/migrations"
)

// Limits per address for what the first ones left out: questions that parse a
// document or ask a model, realtime connections, and whatever has no rule of its
// own. An address may stand for a house full of people, or for everybody where
// VERSO_TRUSTED_PROXY_HEADERS is not set, so these stop programs that have gone
// astray; what one person may have at a time is bounded where the work is done.
// Limits that somebody has changed in the dashboard stay as they are.
func init() {
	migrations.Register(func(app core.App) error {
		settings := app.Settings()
		if !slices.Equal(settings.RateLimits.Rules, []core.RateLimitRule{
			{Label: "*:auth", MaxRequests: 2, Duration: 3},
			{Label: "/api/batch", MaxRequests: 3, Duration: 1},
			{Label: "/uploadfile/", MaxRequests: 300, Duration: 10},
			{Label: "/download/", MaxRequests: 1000, Duration: 10},
			{Label: "/status/", MaxRequests: 5000, Duration: 10},
			{Label: "/api/v1/webhooks/", MaxRequests: 1_000_000, Duration: 1},
			{Label: "/api/", MaxRequests: 5000, Duration: 10},
		}) {
			return nil
		}
		// The first that fits counts.
		settings.RateLimits.Rules = []core.RateLimitRule{
			{Label: "*:auth", MaxRequests: 2, Duration: 3},
			{Label: "/api/batch", MaxRequests: 3, Duration: 1},
			// Five hundred may well come at once, and be sent again.
			{Label: "/uploadfile/", MaxRequests: 2000, Duration: 10},
			{Label: "/api/v1/quote", MaxRequests: 300, Duration: 10},
			{Label: "/api/v1/analyze-style", MaxRequests: 100, Duration: 10},
			{Label: "/api/v1/analyze-glossary", MaxRequests: 100, Duration: 10},
			{Label: "/download/", MaxRequests: 1000, Duration: 10},
			{Label: "/status/", MaxRequests: 5000, Duration: 10},
			// Twice for each of some thousand pages that come back at once.
			{Label: "/api/realtime", MaxRequests: 10_000, Duration: 10},
			// Deliveries all come from a few addresses of Svix.
			{Label: "/api/v1/webhooks/", MaxRequests: 1_000_000, Duration: 1},
			{Label: "/api/", MaxRequests: 5000, Duration: 10},
			// Each writes to the disk.
			{Label: "/readyz", MaxRequests: 1000, Duration: 10},
			// The page's files, which lie in memory, the dashboard's, and what is not there.
			{Label: "/", MaxRequests: 20_000, Duration: 10},
		}
		return app.Save(settings)
	}, nil)
}
