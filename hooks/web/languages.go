package web

import (
	"slices"
	"strings"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

// Languages returns the target languages that the page offers, sorted by their
// English names: native names are in thirty alphabets, which have no order
// among them, and the page shows both. Uploads take any language tag; these are
// the ones that language models are known to write well.
func Languages() []Language {
	native := nativeNames()
	languages := make([]Language, len(native))
	for i, name := range native {
		parsed := language.Make(name.tag)
		languages[i] = Language{Tag: name.tag, Name: name.name, English: englishName(parsed), Dir: direction(parsed)}
	}
	slices.SortStableFunc(languages, func(a, b Language) int { return strings.Compare(a.English, b.English) })
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

// englishName returns CLDR's name, but where that is not what readers look for.
func englishName(tag language.Tag) string {
	switch tag.String() {
	case "sr-Latn":
		return "Serbian (Latin)" // CLDR: Serbo-Croatian
	case "zh-HK":
		return "Traditional Chinese (Hong Kong)" // CLDR: Chinese (Hong Kong SAR China)
	case "bn":
		return "Bengali" // CLDR: Bangla
	case "ckb":
		return "Kurdish (Sorani)" // CLDR: Central Kurdish
	case "ku":
		return "Kurdish (Kurmanji)" // CLDR: Kurdish
	}
	return display.English.Tags().Name(tag)
}

// nativeName is what the speakers of a language call it.
type nativeName struct {
	tag, name string
}

// nativeNames returns what speakers call their languages, as CLDR 48 has it. An
// entry of a list begins a line, and the page shows the chosen one as a
// headline, so names begin with a capital where their script has any, as CLDR's
// contextTransforms ask for in Czech, French, Spanish and others; but for
// isiXhosa, isiZulu and chiShona, whose capital is within. The table is here
// because golang.org/x/text stands at CLDR 32, which lacks several, and calls
// sr-Latn Serbo-Croatian.
func nativeNames() []nativeName {
	return slices.Concat(european(), asian(), african())
}

func european() []nativeName {
	return []nativeName{
		{"sq", "Shqip"},
		{"hy", "Հայերեն"},
		{"eu", "Euskara"},
		{"be", "Беларуская"},
		{"bs", "Bosanski"},
		{"br", "Brezhoneg"},
		{"bg", "Български"},
		{"ca", "Català"},
		{"hr", "Hrvatski"},
		{"cs", "Čeština"},
		{"da", "Dansk"},
		{"nl", "Nederlands"},
		{"en", "English"},
		{"en-AU", "Australian English"},
		{"en-GB", "British English"},
		{"en-CA", "Canadian English"},
		{"en-US", "American English"},
		{"eo", "Esperanto"},
		{"et", "Eesti"},
		{"fo", "Føroyskt"},
		{"fi", "Suomi"},
		{"fr", "Français"},
		{"fr-CA", "Français (Canada)"},
		{"fr-CH", "Français (Suisse)"},
		{"fy", "Frysk"},
		{"gl", "Galego"},
		{"ka", "ქართული"},
		{"de", "Deutsch"},
		{"de-AT", "Deutsch (Österreich)"},
		{"de-CH", "Deutsch (Schweiz)"},
		{"el", "Ελληνικά"},
		{"hu", "Magyar"},
		{"is", "Íslenska"},
		{"ga", "Gaeilge"},
		{"it", "Italiano"},
		{"la", "Latina"},
		{"lv", "Latviešu"},
		{"lt", "Lietuvių"},
		{"lb", "Lëtzebuergesch"},
		{"mk", "Македонски"},
		{"mt", "Malti"},
		{"nb", "Norsk bokmål"},
		{"nn", "Norsk nynorsk"},
		{"oc", "Occitan"},
		{"pl", "Polski"},
		{"pt-BR", "Português (Brasil)"},
		{"pt-PT", "Português (Portugal)"},
		{"ro", "Română"},
		{"rm", "Rumantsch"},
		{"ru", "Русский"},
		{"gd", "Gàidhlig"},
		{"sr-Cyrl", "Српски"},
		{"sr-Latn", "Srpski"},
		{"sk", "Slovenčina"},
		{"sl", "Slovenščina"},
		{"es", "Español"},
		{"es-419", "Español (Latinoamérica)"},
		{"es-MX", "Español (México)"},
		{"sv", "Svenska"},
		{"tt", "Татарча"},
		{"tr", "Türkçe"},
		{"uk", "Українська"},
		{"cy", "Cymraeg"},
		{"yi", "ייִדיש"},
	}
}

func asian() []nativeName {
	return []nativeName{
		{"ar", "العربية"},
		{"as", "অসমীয়া"},
		{"az", "Azərbaycan dili"},
		{"bn", "বাংলা"},
		{"my", "မြန်မာ"},
		{"yue", "粵語"},
		{"ceb", "Cebuano"},
		{"zh-Hans", "简体中文"},
		{"zh-Hant", "繁體中文"},
		{"zh-HK", "繁體中文（香港）"},
		{"dv", "ދިވެހި"},
		{"fil", "Filipino"},
		{"gu", "ગુજરાતી"},
		{"haw", "ʻŌlelo Hawaiʻi"},
		{"he", "עברית"},
		{"hi", "हिन्दी"},
		{"id", "Bahasa Indonesia"},
		{"ja", "日本語"},
		{"jv", "Basa Jawa"},
		{"kn", "ಕನ್ನಡ"},
		{"kk", "Қазақ тілі"},
		{"km", "ខ្មែរ"},
		{"ko", "한국어"},
		{"ckb", "کوردیی ناوەندی"},
		{"ku", "Kurdî (Kurmancî)"},
		{"ky", "Кыргызча"},
		{"lo", "ລາວ"},
		{"ms", "Bahasa Melayu"},
		{"ml", "മലയാളം"},
		{"mi", "Māori"},
		{"mr", "मराठी"},
		{"mn", "Монгол"},
		{"ne", "नेपाली"},
		{"or", "ଓଡ଼ିଆ"},
		{"ps", "پښتو"},
		{"fa", "فارسی"},
		{"pa", "ਪੰਜਾਬੀ"},
		{"sm", "Gagana Samoa"},
		{"sd", "سنڌي"},
		{"si", "සිංහල"},
		{"su", "Basa Sunda"},
		{"tg", "Тоҷикӣ"},
		{"ta", "தமிழ்"},
		{"te", "తెలుగు"},
		{"th", "ไทย"},
		{"tk", "Türkmen dili"},
		{"ur", "اردو"},
		{"ug", "ئۇيغۇرچە"},
		{"uz", "Oʻzbekcha"},
		{"vi", "Tiếng Việt"},
	}
}

func african() []nativeName {
	return []nativeName{
		{"af", "Afrikaans"},
		{"am", "አማርኛ"},
		{"ny", "Chichewa"},
		{"ht", "Kreyòl ayisyen"},
		{"ha", "Hausa"},
		{"ig", "Igbo"},
		{"rw", "Ikinyarwanda"},
		{"mg", "Malagasy"},
		{"om", "Afaan Oromoo"},
		{"sn", "chiShona"},
		{"so", "Soomaali"},
		{"st", "Sesotho"},
		{"sw", "Kiswahili"},
		{"ti", "ትግርኛ"},
		{"xh", "isiXhosa"},
		{"yo", "Èdè Yorùbá"},
		{"zu", "isiZulu"},
	}
}
