package verify_test

import (
	"strings"
	"testing"

	"verso/hooks/translation/pipeline/verify"
)

func TestNumbers(t *testing.T) {
	t.Parallel()
	try(t, verify.Pair{Source: "en", Target: "fr"}, []example{
		{"kept", "In 1851 he wrote 135 chapters.", "En 1851, il écrivit 135 chapitres.", ""},
		{"lost", "In 1851 he wrote it.", "Cette année-là, il l’écrivit.", "numbers"},
		{"changed", "In 1851 he wrote it.", "En 1815, il l’écrivit.", "numbers"},
		{"a round one changed", "There were 20 of them.", "Ils étaient 53.", "numbers"},
		{"other separators", "1,234,567.89 whales", "1.234.567,89 baleines", ""},
		{"narrow spaces", "1,234,567 whales", "1\u202f234\u202f567 baleines", ""},
		{"spaces", "76,000 whales", "76 000 baleines", ""},
		{"a single digit in words", "3 whales", "trois baleines", ""},
		{"a round number in words", "20 whales", "vingt baleines", ""},
		{"a ten in words", "He was 37 years old.", "Il avait trente-sept ans.", ""},
		{"a decade", "the 1990s were over", "les années 90 étaient finies", ""},
		{"a century", "the 19th century", "le XIXe siècle", ""},
		{"a date", "on 3.4.1999", "le 3 avril 1999", ""},
		{"a date with two digits", "on 12.10.1999", "le 12 octobre 1999", ""},
		{"a time", "at 3:30 in the morning", "à trois heures et demie du matin", ""},
		{"a leading zero", "from 06:30 on", "à partir de 6 h 30", ""},
		{"an afternoon", "at 14:05 sharp", "à 2 h 05 précises", ""},
		{"millions", "2,500,000 people", "2,5 millions de personnes", ""},
		{"miles", "They walked for 90 miles.", "Ils marchèrent 145 kilomètres.", ""},
		{"two numbers without a space", "verses 10,11", "versets 10 et 11", ""},
		{"tags are no numbers", "<12>a</12>", "<12>b</12>", ""},
		{"twice wants it at least once", "20 and 20", "20", ""},
		{"very long digits", strings.Repeat("9", 300), strings.Repeat("9", 300), ""},
	})
	try(t, verify.Pair{Source: "en", Target: "ko"}, []example{
		{"ten thousands", "1,000,000 people live there.", "그곳에는 100만 명이 산다.", ""},
		{"mixed", "12,500 people live there.", "그곳에는 1만 2500명이 산다.", ""},
		{"hundred millions", "It cost 2,000,000,000 won.", "비용은 20억 원이었다.", ""},
		{"a time", "at 3:30", "3시 30분에", ""},
		{"half past", "at 3:30", "3시 반에", ""},
		{"in Korean words", "There were 20 people.", "스무 명이 있었다.", ""},
		{"changed", "There were 4,711 people there.", "그곳에는 4,171명이 있었다.", "numbers"},
	})
	try(t, verify.Pair{Source: "en", Target: "ko", Imitation: true}, []example{
		{"imitated", "20 whales", "[20 ŵĥàļéš]", ""},
		{"lost in an imitation", "20 whales", "[ ŵĥàļéš]", "numbers"},
	})
	try(t, verify.Pair{Source: "zh", Target: "en"}, []example{
		{"a decade of a century", "这发生在20世纪80年代中期。", "It happened in the mid-1980s.", ""},
		{"a hundred million", "人口为1亿2000万。", "The population is 120 million.", ""},
	})
	try(t, verify.Pair{Source: "ko", Target: "en"}, []example{
		{"in two parts", "1억 370만 달러가 들었다.", "It cost $103.7 million.", ""},
	})
	try(t, verify.Pair{Source: "en", Target: "ja"}, []example{
		{"Han numerals", "It was the year 1868 when he came.", "彼が来たのは一八六八年であった。", ""},
		{"full-width", "In 1868 he came.", "１８６８年に彼は来た。", ""},
	})
	try(t, verify.Pair{Source: "en", Target: "ar"}, []example{{"Arabic digits", "In 1851 he came.", "جاء في عام ١٨٥١.", ""}})
	try(t, verify.Pair{Source: "en", Target: "th"}, []example{{"Buddhist year", "It was in 2019.", "มันคือปี พ.ศ. 2562", ""}})
	try(t, verify.Pair{Source: "en", Target: "sv"}, []example{{"century", "the 19th century", "1800-talet", ""}})
}

func TestRepetition(t *testing.T) {
	t.Parallel()
	source := "The sea was calm that night, and the whole crew slept as if nothing could ever happen to them again."
	try(t, verify.Pair{Source: "en", Target: "fr"}, []example{
		{"prose", source, "La mer était calme cette nuit-là, et tout l’équipage dormait comme si rien ne pouvait plus lui arriver.", ""},
		{"a word", source, "La mer était calme " + strings.Repeat("calme ", 9), "repetition"},
		{"a phrase", source, "La mer " + strings.Repeat("était très calme, ", 9), "repetition"},
		{"in the middle", source, "La mer " + strings.Repeat("était calme, ", 9) + "et l’équipage dormait.", "repetition"},
		{"all of it twice", source, strings.Repeat("La mer était calme cette nuit-là, et tout l’équipage dormait. ", 2), "repetition"},
		{"a letter", "No, he cried out at the top of his voice, no!", "Non, cria-t-il, n" + strings.Repeat("o", 60), "repetition"},
		{"the source does it", strings.Repeat("ha ", 30), strings.Repeat("hi ", 30), ""},
		{"a line of the source", "The end ————————————————————————————————————————————————", "Fin ————————————————————————————————————————————————", ""},
		{"a refrain", "Row, row, row your boat", "Rame, rame, rame, rame, rame", ""},
	})
	try(t, verify.Pair{Source: "en", Target: "zh"}, []example{
		{"without spaces", source, "那天夜里海面很平静，" + strings.Repeat("全体船员都睡着了，", 8), "repetition"},
	})
}
