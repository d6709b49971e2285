package web

import (
	"net/http"

	"github.com/pocketbase/pocketbase/core"
)

// Page is what a page must know of the server before anybody has signed in. It
// holds no secret.
type Page struct {
	Name string `json:"name"`
	// Mode is "serve" or "demo".
	Mode string `json:"mode"`
	// PublishableKey is Clerk's, nil where there is none.
	PublishableKey *string `json:"publishable_key"`
	// FrontendAPI is the address of Clerk's Frontend API, from which the page loads
	// ClerkJS; nil where there is no publishable key. It is let into the page's
	// Content-Security-Policy.
	FrontendAPI *string `json:"frontend_api"`
	// ProxyURL is the same where the Frontend API is reached through a proxy, which
	// ClerkJS must be told, and else nil.
	ProxyURL              *string    `json:"proxy_url"`
	Engines               []Engine   `json:"engines"`
	Formats               []Format   `json:"formats"`
	Languages             []Language `json:"languages"`
	DefaultTargetLanguage string     `json:"default_target_language"`
	Limits                Limits     `json:"limits"`
	// PricesOf is the date of the engines' prices, nil where there are none.
	PricesOf *string `json:"prices_of"`
}

// Engine is an engine on offer.
type Engine struct {
	Name     string   `json:"name"`
	Models   []string `json:"models"`
	NeedsKey bool     `json:"needs_key"`
	Free     bool     `json:"free"`
	// Prices are the models' prices, where they are known.
	Prices map[string]Price `json:"prices,omitempty"`
}

// Price is what a model costs in US dollars a million tokens.
type Price struct {
	Input  float64 `json:"input"`
	Output float64 `json:"output"`
}

// Format is a file format on offer.
type Format struct {
	Name       string   `json:"name"`
	Extensions []string `json:"extensions"`
	MediaType  string   `json:"media_type"`
}

// Language is a target language to choose from.
type Language struct {
	// Tag is its BCP 47 tag.
	Tag string `json:"tag"`
	// Name is what its speakers call it.
	Name string `json:"name"`
	// English is its English name.
	English string `json:"english"`
	// Dir is "ltr" or "rtl".
	Dir string `json:"dir"`
}

// Limits are the bounds of an upload, and of how long it is kept.
type Limits struct {
	MaxUploadBytes int64 `json:"max_upload_bytes"`
	MaxActiveJobs  int   `json:"max_active_jobs"`
	// KeepDays is after how many days a finished job loses its documents; 0: never.
	KeepDays int `json:"keep_days"`
}

// pageConfig answers GET /api/v1/config.
func (p *plugin) pageConfig(e *core.RequestEvent) error {
	e.Response.Header().Set("Cache-Control", "no-cache")
	return e.JSON(http.StatusOK, p.config.Page)
}
