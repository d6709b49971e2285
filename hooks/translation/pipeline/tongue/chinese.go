package tongue

import "strings"

// chinese counts the characters that tell the ways of writing Chinese apart.
type chinese struct {
	simplified, traditional, cantonese int
}

func (c *chinese) add(word []rune) {
	for _, r := range word {
		switch {
		case strings.ContainsRune(simplified, r):
			c.simplified++
		case strings.ContainsRune(traditional, r):
			c.traditional++
		case strings.ContainsRune(cantonese, r):
			c.cantonese++
		}
	}
}

// The most frequent characters that one way of writing has and another has
// not, by a factor of 50: counted on the Chinese of NTREX-128 and of the
// Declaration of Human Rights. A fifth of a text's characters are among them.
const (
	simplified = "国这会们为对时说将发员来场过现进与选议亚该开经报学还动问间总认关区顿参实机数马达没无统维战体业领约两击计种权题举调让给样视组证门电岁论导处兰几带确观诉离点难万伤苏声护资续终显头务华项产记争广传车责语网闻谈备织气际东风许创岛严继绝势义则见师袭压觉专杀听剧协"

	traditional = "國會個為對時後將發們員這來於場過話議並現賽選說進開動亞報學與當數黨間認計參機總禮問長頓聯統無關講讓據戰領導體應達點納從兩調資電舉帶業權決論種門歲證樣變視維實況蘇結邊頭約華週傷聲確裡題軍運幾眾顯級車護還組試訴務觀難爭離記倫獲專網談處準覺樂風預備協語聽"

	cantonese = "嘅佢喺咗哋唔啲嚟冇咁嗰嘢"
)

const (
	// cantoneseShare is how many characters of Cantonese are such: a tenth in
	// NTREX-128, and a ten-thousandth of standard Chinese from Taiwan.
	cantoneseShare = 0.02
	// kanaShare is how much of Japanese is kana at least, and otherKana how much
	// of it may stand in Chinese, in names and quotations.
	kanaShare, otherKana = 0.1, 0.02
	// leastMarked is how many characters tell a way of writing, and marked how
	// many times as many they must be as those of the other.
	leastMarked, marked = 3, 8
)

// eastern counts the characters of a piece that Japanese mixes.
type eastern struct {
	han, kana int
}

// japanese returns how many characters are in pieces that have kana enough, so
// that a document half in Chinese is told from Japanese.
func (f *findings) japanese() float64 {
	n := 0
	for _, piece := range f.east {
		if all := piece.han + piece.kana; float64(piece.kana) >= kanaShare*float64(all) {
			n += all
		}
	}
	return float64(n)
}

// eastAsian tells Japanese and the ways of writing Chinese apart.
func (f *findings) eastAsian() string {
	c := f.chinese
	all := float64(f.letters[han] + f.letters[kana])
	share := float64(f.letters[kana]) / all
	switch {
	case share >= kanaShare:
		if all < leastLetters || f.japanese() < leastShare*all {
			return ""
		}
		return "ja"
	case share > otherKana:
		return ""
	case float64(c.cantonese) >= cantoneseShare*all && c.cantonese >= 2:
		return "yue"
	case c.simplified >= leastMarked && c.simplified > marked*c.traditional:
		return "zh-Hans"
	case c.traditional >= leastMarked && c.traditional > marked*c.simplified:
		return "zh-Hant"
	}
	return ""
}
