package web

import (
	"verso/hooks/translation/document"
	"verso/hooks/translation/engine"
)

// Formats tells a page of formats.
func Formats(formats document.Formats) (offer []Format) {
	for _, format := range formats {
		offer = append(offer, Format{Name: format.Name(), Extensions: format.Extensions(), MediaType: format.MediaType()})
	}
	return offer
}

// Engines tells a page of engines, the default first.
func Engines(engines []engine.Engine) (offer []Engine) {
	for _, e := range engines {
		info := e.Info()
		offer = append(offer, Engine{
			Name: info.Name, Models: info.Models, NeedsKey: info.NeedsKey, Free: info.Free, Prices: prices(e),
		})
	}
	return offer
}

// PricesOf is the date of the engines' prices, nil where none has any.
func PricesOf(engines []engine.Engine) *string {
	for _, e := range engines {
		if priced, ok := e.(engine.Priced); ok {
			return new(priced.PricesOf())
		}
	}
	return nil
}

// prices returns what an engine's models cost, in US dollars a million tokens.
func prices(e engine.Engine) map[string]Price {
	priced, ok := e.(engine.Priced)
	if !ok {
		return nil
	}
	const million = 1_000_000
	found := map[string]Price{}
	for _, model := range e.Info().Models {
		if price, known := priced.Price(model); known {
			found[model] = Price{Input: (price.Input * million).Float(), Output: (price.Output * million).Float()}
		}
	}
	return found
}
