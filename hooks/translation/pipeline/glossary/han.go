package glossary

const (
	// particlesBeforeKana may stand before a short word in hiragana, and
	// particlesKana after it.
	particlesBeforeKana = "はがをにでとの"
	particlesKana       = particlesBeforeKana + "もへやかねよさ"
	// endingsKana are hiragana that continue a verb or an adjective.
	endingsKana = "きくけこしすせそちつみむめりるれろいうえおぎぐげびぶべぼわ"
	// prefixesJapanese are characters that stand before words, and make no other
	// word with their first.
	prefixesJapanese = "新旧大小元前現全各在対反非両諸同今昔又其此某亡故御奥仏英米独日毎第一二三四五六七八九十数何老若古総副都唯皆尚"
)

// particlesBefore are the Chinese characters that may stand before a word of
// one character, and make no other word with it.
func particlesBefore(language string) string {
	if language == "ja" {
		return "又其此某我唯只或今皆各尚"
	}
	return "的了是在和與与跟把被對对向從从到給给為为這这那此其之有無无说說叫問问而也都就又很不見见用以於于于及或者你我他她它們们吃喝聽听看"
}

// particlesAfter are those that may stand after it.
func particlesAfter(language string) string {
	if language == "ja" {
		return ""
	}
	return "的了是在和與与跟把被對对向從从到給给為为這这那此其之有無无说說問问而也都就又很不卻却便已曾將将要會会能可以於于及或者们們你我他她它呢吗嗎吧啊呀"
}

// japaneseStems returns the stem of a verb or an adjective: of "翻訳する" it is
// "翻訳", of "呪う" "呪".
func japaneseStems(words string) []string {
	w := []rune(words)
	n := len(w)
	if n >= 4 && string(w[n-2:]) == "する" {
		return []string{string(w[:n-2])}
	}
	if n < 2 || n > 5 || scriptOf(w[0]) != han {
		return nil
	}
	switch w[n-1] {
	case 'う', 'く', 'ぐ', 'す', 'つ', 'ぬ', 'ぶ', 'む', 'る', 'い', 'な':
		if n == 2 || scriptOf(w[n-2]) == hiragana {
			return []string{string(w[:n-1])}
		}
	}
	return nil
}
