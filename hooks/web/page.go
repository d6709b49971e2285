package web

import (
	"net/http"

	"github.com/pocketbase/pocketbase/core"
	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

// Page is what a page must know of the server before anybody has signed in. It
// holds no secret.
type Page struct {
	Name string `json:"name"`
	// Mode is "serve" or "demo".
	Mode string `json:"mode"`
	// PublishableKey is Clerk's, nil where there is none.
	PublishableKey        *string    `json:"publishable_key"`
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

// Limits are the bounds of an upload.
type Limits struct {
	MaxUploadBytes int64 `json:"max_upload_bytes"`
	MaxActiveJobs  int   `json:"max_active_jobs"`
}

// pageConfig answers GET /api/v1/config.
func (p *plugin) pageConfig(e *core.RequestEvent) error {
	e.Response.Header().Set("Cache-Control", "no-cache")
	return e.JSON(http.StatusOK, p.config.Page)
}

// Languages returns the target languages that the page offers, sorted by their
// English names. Uploads take any language tag; these are the ones that
// language models are known to write well.
func Languages() []Language {
	tags := []string{
		"af", "sq", "am", "ar", "hy", "az", "eu", "bn", "bs", "bg", "my", "ca", "zh-Hans", "zh-Hant", "hr", "cs",
		"da", "nl", "en", "et", "fil", "fi", "fr", "gl", "ka", "de", "el", "gu", "he", "hi", "hu", "is", "id", "it",
		"ja", "kn", "kk", "km", "ko", "lo", "lv", "lt", "mk", "ms", "ml", "mr", "mn", "ne", "nb", "fa", "pl",
		"pt-BR", "pt-PT", "pa", "ro", "ru", "sr-Cyrl", "sr-Latn", "si", "sk", "sl", "es", "es-419", "sw", "sv",
		"ta", "te", "th", "tr", "uk", "ur", "uz", "vi", "cy",
	}
	english := display.English.Tags()
	languages := make([]Language, len(tags))
	for i, tag := range tags {
		parsed := language.MustParse(tag)
		languages[i] = Language{Tag: tag, Name: display.Self.Name(parsed), English: english.Name(parsed), Dir: direction(parsed)}
	}
	return languages
}

// direction returns the writing direction of a language's script.
func direction(tag language.Tag) string {
	script, _ := tag.Script()
	switch script.String() {
	case "Arab", "Hebr", "Syrc", "Thaa", "Nkoo", "Adlm":
		return "rtl"
	}
	return "ltr"
}
