/// What the chats of the needle benchmark are about. All of it is made up.
enum NeedleTopics {
    /// Things that a person has one of.
    static let english = [
        "wifi password", "dentist", "locker code", "favourite colour", "piano teacher", "licence plate", "blood type",
        "landlord", "gym", "flight number", "passport number", "hometown", "tailor", "cat", "boat", "insurance company",
        "shoe size", "allergy", "bank", "bus stop", "garage door code", "favourite opera", "sister", "dishwasher",
    ]

    /// A statement, and a question with other forms of its words.
    static let inflected: [(statement: String, question: String)] = [
        ("We adopted two kittens, the grey one is called #", "Which kitten did we adopt?"),
        ("I parked the bicycles behind #", "Where is my bicycle parking?"),
        ("My cousins are moving to #", "Where did my cousin move?"),
        ("The plumber who repaired the leaking pipes is called #", "Who did the pipe repair?"),
        ("I started studying # at the evening school", "What do I study at school?"),
        ("Grandma's recipes are hidden behind #", "Where did we hide the recipe?"),
        ("We are planning the weddings of the twins at #", "What is the wedding plan?"),
        ("I ordered curtains from #", "Where did my curtain order come from?"),
        ("The neighbours complained about #", "What was the neighbour's complaint?"),
        ("My doctors recommended # pills", "Which pill did the doctor recommend?"),
        ("I invested all savings into #", "What was my investment?"),
        ("The children's teachers all come from #", "Where does the teacher of the child come from?"),
        ("We celebrated both anniversaries at #", "Where was the anniversary celebration?"),
        ("I translated poems by #", "Whose poem did I translate?"),
        ("The engineers installed solar panels made by #", "Which panel did the engineer install?"),
        ("I am collecting stamps of #", "What stamp do I collect?"),
        ("My keys were lost near #", "Where did I lose the key?"),
        ("We rented cabins at #", "Which cabin did we rent?"),
        ("Our lawyers suggested suing #", "Whom did the lawyer suggest to sue?"),
        ("I painted the walls with #", "What is the paint of the wall?"),
    ]

    /// A statement and a question that write the same with other signs, or name an emoji.
    static let signs: [(statement: String, question: String)] = [
        ("My café card has the number #", "What is the number of my cafe card?"),
        ("Señor Núñez lives in #", "Where does Senor Nunez live?"),
        ("My ＷＩＦＩ router stands in #", "Where is my WiFi router?"),
        ("The 🎸 is in #", "Where is the 🎸?"),
        ("I gave the 🛶 to #", "Who has the 🛶?"),
        ("Zoë's naïve brother is called #", "What is the name of Zoe's naive brother?"),
        ("My e-mail password is #", "What is my email password?"),
        ("On 2024-02-29 I met #", "Whom did I meet on 2024-02-29?"),
        ("The maxRetryCount of my server is #", "What is the max retry count of the server?"),
        ("Our Straße is called #", "How is our STRASSE called?"),
    ]

    /// A statement and a question that have no word in common: what words alone cannot find.
    static let apart: [(statement: String, question: String)] = [
        ("My spouse works at #", "Where is my husband employed?"),
        ("I cannot eat # because of my stomach", "Which food makes me sick?"),
        ("The car gets repaired by #", "Who is my mechanic?"),
        ("We live in #", "What is our home address?"),
    ]

    static let chinese = [
        "银行卡密码", "车牌号", "房间号", "生日", "宠物医生", "钢琴老师", "最喜欢的颜色", "健身房", "保险柜密码", "航班号", "宿舍楼", "网络密码", "快递柜",
        "理发店", "牙医", "最爱的电影", "乐队", "花园", "咖啡馆", "手机型号",
    ]

    static let japanese = [
        "暗証番号", "車のナンバー", "部屋番号", "誕生日", "獣医", "ピアノの先生", "好きな色", "ジム", "金庫の番号", "便名", "寮", "パスワード",
        "宅配ボックス", "美容院", "歯医者", "好きな映画", "バンド", "庭", "喫茶店", "スマホの機種",
    ]

    static let names = ["Ana", "Ben", "Carla", "Dmitri", "Eva", "Farid", "Grace", "Hugo"]
    static let chineseNames = ["小明", "王芳", "李娜", "张伟", "陈静"]
    static let japaneseNames = ["太郎", "花子", "健二", "由美", "一郎"]

    // MARK: - Small talk

    static let englishTalk = [
        "Today I went to the # and it was quite #", "What do you think about the #?", "The # next door is so # lately",
        "I keep thinking about the # we talked about", "Could you explain how a # works?",
        "My # told me that the # is #",
        "I would like to buy a # # next week", "Last night we watched a # about a #", "It rained, so the # got #",
        "Do you know a good place for a #?", "The train was late and a # started to sing about a #",
        "I am learning to draw a #",
    ]
    static let englishAnswers = [
        "That sounds #! Tell me more about the #.", "A # is usually # and needs a little #.",
        "I see. Have you tried a # #?",
        "Noted.", "In short: the # depends on the #, and the # comes later.",
        "I would start with a # and then look at the #.",
        "Interesting. Many people say the same of their #.",
        "Of course. First take the #, then the #, and never the #.",
    ]
    static let englishWords = [
        "museum", "lovely", "river", "garden", "noisy", "market", "ladder", "blue", "story", "movie", "bread",
        "mountain",
        "friendly", "window", "engine", "strange", "cloud", "theatre", "old", "coffee", "bridge", "heavy", "novel",
        "kitchen",
        "sudden", "orchestra", "lamp", "quiet", "carpet", "festival", "tired", "jacket", "island", "modern", "puzzle",
        "library",
        "happy", "camera", "meadow", "expensive", "rocket", "soup", "simple", "violin", "castle", "busy", "teapot",
        "forest",
    ]
    static let chineseTalk = [
        "今天去了#，感觉#", "你觉得#怎么样？", "昨天晚上我们看了#和#", "隔壁的#最近很#", "我想下周买一个#", "天气不好，所以#也#", "火车晚点了，有人说起#",
    ]
    static let chineseAnswers = ["听起来很#！", "好的，记下了。", "一般来说，#比#更#。", "可以先试试#，再看#。", "很多人都说#很#。"]
    static let chineseWords = [
        "博物馆", "河边", "热闹", "市场", "蓝色", "故事", "面包", "高山", "友好", "窗户", "奇怪", "云彩", "剧院", "古老", "桥", "小说", "厨房", "安静",
        "地毯",
        "节日", "外套", "海岛", "现代", "图书馆", "快乐", "相机", "草地", "火箭", "汤", "简单", "城堡", "忙碌", "茶壶", "森林",
    ]
    static let japaneseTalk = [
        "今日は#に行って、とても#でした", "#についてどう思いますか？", "昨日の夜は#と#を見ました", "隣の#は最近#です", "来週#を買いたいです", "雨が降って#も#でした",
    ]
    static let japaneseAnswers = ["それは#ですね！", "わかりました。", "普通は#より#のほうが#です。", "まず#を試して、次に#を見ましょう。", "#は#だとよく言われます。"]
    static let japaneseWords = [
        "博物館", "川", "にぎやか", "市場", "青", "物語", "パン", "山", "親切", "窓", "不思議", "雲", "劇場", "古い", "橋", "小説", "台所", "静か",
        "カーペット",
        "祭り", "ジャケット", "島", "近代的", "図書館", "楽しい", "カメラ", "草原", "ロケット", "スープ", "簡単", "城", "忙しい", "急須", "森",
    ]
}
