"""Names for people and companies: pairs of what is written and what an address is made of."""

FIRST_NAMES = (
    ("Anna", "anna"), ("Jürgen", "juergen"), ("Lena", "lena"), ("Paul", "paul"),
    ("Sofia", "sofia"), ("Emre", "emre"), ("Claire", "claire"), ("Noah", "noah"),
    ("Zoë", "zoe"), ("Marta", "marta"), ("Oliver", "oliver"), ("Priya", "priya"),
    ("Søren", "soeren"), ("Hannah", "hannah"), ("Lucas", "lucas"), ("Ingrid", "ingrid"),
    ("Daniel", "daniel"), ("Amara", "amara"), ("Felix", "felix"), ("Grace", "grace"),
    ("Mateo", "mateo"), ("Katarzyna", "katarzyna"), ("Tim", "tim"), ("Yuki", "yuki"),
)  # fmt: skip
LAST_NAMES = (
    ("Müller", "mueller"), ("Schmidt", "schmidt"), ("O'Neill", "oneill"), ("Weber", "weber"),
    ("Garcia", "garcia"), ("Novak", "novak"), ("Johansson", "johansson"), ("Smith", "smith"),
    ("de Vries", "devries"), ("Brown", "brown"), ("Kowalska", "kowalska"), ("Martin", "martin"),
    ("Großmann", "grossmann"), ("Taylor", "taylor"), ("Şahin", "sahin"), ("Fischer", "fischer"),
    ("Dubois", "dubois"), ("Patel", "patel"), ("Wagner", "wagner"), ("Murphy", "murphy"),
    ("Keller", "keller"), ("Larsen", "larsen"), ("Hughes", "hughes"), ("Rossi", "rossi"),
    ("Nguyen", "nguyen"), ("Becker", "becker"), ("Lindqvist", "lindqvist"), ("Clark", "clark"),
    ("Baumann", "baumann"), ("Silva", "silva"), ("Walsh", "walsh"),
)  # fmt: skip
COMPANY_STEMS = (
    "Alder", "Bergfeld", "Castell", "Dunmore", "Elbtal", "Fenwick", "Glanz", "Harbour",
    "Isar", "Juniper", "Kestrel", "Lindner", "Meridian", "Nordhaus", "Oakline", "Pelikan",
    "Quarz", "Rheinland", "Silverton", "Tannberg", "Ulmer", "Vantage", "Wexford", "Zephyr",
)  # fmt: skip
COMPANY_TRADES = (
    ("Logistics", "Transportation"), ("Systems", "Computer Software"), ("Pharma", "Healthcare"),
    ("Maschinenbau", "Machinery"), ("Insurance", "Insurance"), ("Retail", "Retail"),
    ("Energy", "Energy"), ("Foods", "Food Production"), ("Capital", "Banking"),
    ("Media", "Media"), ("Chemicals", "Chemicals"), ("Bau", "Construction"),
    ("Telecom", "Telecommunications"), ("Analytics", "Computer Software"),
    ("Mobility", "Automotive"), ("Education", "Education"),
)  # fmt: skip
# The comma is meant: names with one are quoted in the exports.
COMPANY_FORMS = {
    "EUR": (" GmbH", " AG", " SE", " & Co. KG"),
    "GBP": (" Ltd", " plc"),
    "USD": (", Inc.", " LLC", " Corp."),
}
JOB_TITLES = (
    "Head of Data", "Data Engineer", "CFO", "Marketing Operations Manager", "CTO",
    "Analytics Lead", "VP Marketing", "Revenue Operations Manager", "IT Architect", "Buyer",
)  # fmt: skip
ROLES = (
    "Decision Maker", "Economic Buyer", "Technical Buyer", "Influencer", "Evaluator",
    "Executive Sponsor", "Business User",
)  # fmt: skip
FREE_MAIL_DOMAINS = ("gmail.com", "outlook.com", "gmx.de", "yahoo.com", "web.de")
