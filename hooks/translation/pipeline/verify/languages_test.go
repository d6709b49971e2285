package verify_test

import (
	"testing"

	"verso/hooks/translation/pipeline/verify"
)

func TestEcho(t *testing.T) {
	t.Parallel()
	sentence := "The sea was calm that night and nobody thought of danger."
	long := sentence + " The captain slept in his cabin below. The men on watch told stories of the islands where they had been born."
	try(t, verify.Pair{Source: "en", Target: "fr"}, []example{
		{"translated", sentence, "La mer était calme cette nuit-là et personne ne pensait au danger.", ""},
		{"echoed", sentence, sentence, "echo"},
		{"other case and marks", sentence, "the sea was calm that night, and nobody thought of danger!", "echo"},
		{"a few words changed", long, "The sea was quiet that night and nobody thought of danger. The captain slept in his cabin. The men on guard told stories of the islands where they were born.", "echo"},
		{"the rest left", long, "La mer était calme cette nuit-là et personne ne pensait au danger. The captain slept in his cabin below. The men on watch told stories of the islands where they had been born.", "echo"},
		{"a name", "Herman Melville", "Herman Melville", ""},
		{"a noble name", "Johann Wolfgang von Goethe", "Johann Wolfgang von Goethe", ""},
		{"a title", "The Lord of the Rings", "The Lord of the Rings", ""},
		{"capitals", "CHAPTER ONE OF THE BOOK", "CHAPTER ONE OF THE BOOK", ""},
		{"one word", "restaurant", "restaurant", ""},
		{"a term", "deus ex machina", "deus ex machina", ""},
		{"a number", "1851", "1851", ""},
		{"an ornament", "* * *", "* * *", ""},
		{"an address", "https://example.org/the/path/of/the/page", "https://example.org/the/path/of/the/page", ""},
		{"code", "for i := range len(words) { total += words[i].weight }", "for i := range len(words) { total += words[i].weight }", ""},
		{"a formula", "a² + b² = c²", "a² + b² = c²", ""},
		{"a citation", "Smith, J. (1998). A theory of small things. Journal of Things, 12(3), 45–67.", "Smith, J. (1998). A theory of small things. Journal of Things, 12(3), 45–67.", ""},
		{"a motto in Latin", "Il faut bien le faire.", "Il faut bien le faire.", ""},
	})
	try(t, verify.Pair{Target: "fr"}, []example{
		{"already there", "La mer était calme cette nuit-là et personne ne pensait au danger.", "La mer était calme cette nuit-là et personne ne pensait au danger.", ""},
		{"not there yet", sentence, sentence, "echo"},
	})
	try(t, verify.Pair{Source: "en", Target: "en-GB"}, []example{{"the same language", sentence, sentence, ""}})
	try(t, verify.Pair{Source: "ja", Target: "ko"}, []example{
		{"echoed", "吾輩は猫である。名前はまだ無い。", "吾輩は猫である。名前はまだ無い。", "echo"},
		{"a name", "夏目漱石", "夏目漱石", ""},
	})
	try(t, verify.Pair{Source: "en", Target: "ko", Imitation: true}, []example{
		{"imitated", sentence, "[Ţĥé šéà ŵàš çàĺṁ ţĥàţ ñîĝĥţ àñð ñöƀöðý ţĥöûĝĥţ öƒ ðàñĝéŕ.]", ""},
		{"echoed", sentence, sentence, "echo"},
		{"hardly imitated", "吾輩は猫である。名前はまだ無い。", "[吾輩は猫である。名前はまだ無い。]", ""},
	})
}

func TestScript(t *testing.T) {
	t.Parallel()
	sentence := "The company announced on Monday that its new telephone would be sold from the autumn on."
	try(t, verify.Pair{Source: "en", Target: "ko"}, []example{
		{"translated", sentence, "회사는 새 전화기를 가을부터 판매한다고 월요일에 발표했다.", ""},
		{"with names", "Google and Microsoft support HTML, CSS and JavaScript in Chrome and Edge.", "Google과 Microsoft는 Chrome과 Edge에서 HTML, CSS, JavaScript를 지원합니다.", ""},
		{"French", sentence, "La société a annoncé lundi que son nouveau téléphone serait vendu dès l’automne.", "script"},
		{"Chinese characters let in", sentence, "회사는 새 전화기를 가을부터 销售한다고 월요일에 발표했다.", "stray"},
		{"Cyrillic let in", sentence, "회사는 새 телефон 가을부터 판매한다고 월요일에 발표했다.", "stray"},
		{"a word explained", "He spoke of the way and of virtue.", "그는 도(道)와 덕(德)에 대해 말했다.", ""},
		{"Cyrillic of the source", "The word «правда» has no translation in our language.", "«правда»라는 단어는 우리말로 번역되지 않는다.", ""},
	})
	try(t, verify.Pair{Source: "en", Target: "ja"}, []example{
		{"translated", sentence, "同社は月曜日、新しい電話機を秋から販売すると発表した。", ""},
		{"Chinese", sentence, "该公司星期一宣布，新电话机将从秋季开始销售，价格尚未公布。", "script"},
	})
	try(t, verify.Pair{Source: "en", Target: "zh-Hans"}, []example{
		{"simplified", sentence, "该公司星期一宣布，新电话机将从秋季开始销售。", ""},
		{"traditional", sentence, "該公司星期一宣布，他們將從秋季開始銷售這個新電話機，並說還會有更多機型。", "script"},
	})
	try(t, verify.Pair{Source: "en", Target: "zh-TW"}, []example{
		{"simplified", sentence, "该公司星期一宣布，他们将从秋季开始销售这个新电话机，并说还会有更多机型。", "script"},
	})
	try(t, verify.Pair{Source: "en", Target: "zh"}, []example{
		{"either", sentence, "該公司星期一宣布，他們將從秋季開始銷售這個新電話機，並說還會有更多機型。", ""},
	})
	try(t, verify.Pair{Source: "en", Target: "sr"}, []example{
		{"Cyrillic", sentence, "Компанија је у понедељак објавила да ће се њен нови телефон продавати од јесени.", ""},
		{"Latin", sentence, "Kompanija je u ponedeljak objavila da će se njen novi telefon prodavati od jeseni.", ""},
	})
	try(t, verify.Pair{Source: "en", Target: "sr-Latn"}, []example{
		{"Cyrillic", sentence, "Компанија је у понедељак објавила да ће се њен нови телефон продавати од јесени.", "script"},
	})
	try(t, verify.Pair{Source: "en", Target: "xx-unknown"}, []example{
		{"a language nobody knows", sentence, "Ja ngoro mata kilio sanu bero tika monda lafe kiru.", ""},
	})
}

func TestLanguage(t *testing.T) {
	t.Parallel()
	sentence := "He said that he had not seen the man who was in the house when the others came back from the town."
	german := "Er sagte, dass er den Mann nicht gesehen habe, der in dem Haus war, als die anderen aus der Stadt zurückkamen."
	try(t, verify.Pair{Source: "en", Target: "fr"}, []example{
		{"French", sentence, "Il a dit qu’il n’avait pas vu l’homme qui était dans la maison quand les autres sont revenus de la ville.", ""},
		{"German", sentence, german, "language"},
		{"English in other words", sentence, "According to him the person who had been in that building was not seen by them after their return.", "language"},
		{"accented nonsense", sentence, "[Ĥé šàîð ţĥàţ ĥé ĥàð ñöţ šééñ ţĥé ṁàñ ŵĥö ŵàš îñ ţĥé ĥöûšé ŵĥéñ ţĥé öţĥéŕš çàṁé ƀàçķ ƒŕöṁ ţĥé ţöŵñ.]", ""},
	})
	try(t, verify.Pair{Source: "en", Target: "uk"}, []example{
		{"Ukrainian", sentence, "Він сказав, що не бачив чоловіка, який був у будинку, коли інші повернулися з міста.", ""},
		{"Russian", sentence + " " + sentence, "Он сказал, что не видел человека, который был в доме, когда другие вернулись из города. Он также сказал, что это было не то, о чем он мог бы рассказать, если бы его спросили об этом после.", "language"},
	})
	try(t, verify.Pair{Source: "en", Target: "ar"}, []example{
		{"Persian", sentence, "او گفت که مردی را که در خانه بود ندیده است وقتی که دیگران از شهر برگشتند و این را به او گفتند.", "language"},
	})
}

func TestLength(t *testing.T) {
	t.Parallel()
	paragraph := "The sea was calm that night. Nobody thought of danger. The captain slept in his cabin. The men on watch told each other stories. Far away a light went on and off. At four the wind turned to the north. An hour later the first wave came over the side."
	try(t, verify.Pair{Source: "en", Target: "fr"}, []example{
		{"whole", paragraph, "La mer était calme cette nuit-là. Personne ne pensait au danger. Le capitaine dormait dans sa cabine. Les hommes de quart se racontaient des histoires. Au loin, une lumière s’allumait et s’éteignait. À quatre heures, le vent tourna au nord. Une heure plus tard, la première vague passa par-dessus bord.", ""},
		{"cut off", paragraph, "La mer était", "length"},
		{"cut in the middle", paragraph, "La mer était calme cette nuit-là. Personne ne pensait au danger. Le capitaine dormait dans sa cabine. Les hommes de quart se", "truncation"},
		{"summarised", paragraph, "La nuit était calme et tout le monde dormait ou bavardait, puis le vent tourna et la mer se leva brusquement.", "truncation"},
		{"blown up", "It was a calm night at sea.", paragraphs("C’était une nuit calme en mer, comme on en voit peu.", 4), "length"},
		{"a short one may grow", "OK", "D’accord, c’est entendu.", ""},
	})
	try(t, verify.Pair{Source: "en", Target: "zh"}, []example{
		{"whole", paragraph, "那天夜里海面很平静。没有人想到危险。船长在他的舱室里睡觉。值班的人互相讲着故事。远处有一盏灯忽明忽暗。四点钟风转向北。一个小时后，第一个浪头打上了船舷。", ""},
		{"cut off", paragraph, "那天夜里海面很平静。没有人", "length"},
	})
}

func paragraphs(sentence string, n int) string {
	text := ""
	for i := range n {
		text += sentence + " " + string(rune('A'+i)) + "insi passa la nuit, sans bruit et sans histoire. "
	}
	return text
}
