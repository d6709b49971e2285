package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/migrations"
)

// Limits per address are on from the start. The ones for signing in are
// PocketBase's own proposal and concern superusers alone, because nobody else can
// sign in here. The others are what a house full of people behind one address does
// not reach, and a program that has gone astray does. Admins change them in the
// dashboard; what is changed there stays so.
func init() {
	migrations.Register(func(app core.App) error {
		settings := app.Settings()
		if settings.RateLimits.Enabled {
			return nil
		}
		settings.RateLimits.Enabled = true
		settings.RateLimits.Rules = []core.RateLimitRule{
			{Label: "*:auth", MaxRequests: 2, Duration: 3},
			{Label: "/api/batch", MaxRequests: 3, Duration: 1},
			{Label: "/uploadfile/", MaxRequests: 300, Duration: 10},
			{Label: "/download/", MaxRequests: 1000, Duration: 10},
			{Label: "/status/", MaxRequests: 5000, Duration: 10},
			// Deliveries all come from a few addresses of Svix.
			{Label: "/api/v1/webhooks/", MaxRequests: 1_000_000, Duration: 1},
			{Label: "/api/", MaxRequests: 5000, Duration: 10},
		}
		return app.Save(settings)
	}, nil)
}
