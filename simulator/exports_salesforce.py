"""Salesforce's exports, one query per object."""

from simulator.delivery import Export

_OWNER = "users.salesforce_id"

# One in 73 was typed in twice; the copy was merged away and lies in the recycle bin.
_ACCOUNTS = f"""
with listed as (
    select *, salesforce_id as id, null as master_id, false as is_deleted from accounts
    where account_created_at >= 0
    union all
    select *, double_id, salesforce_id, true from accounts
    where account_created_at >= 0 and account % 73 = 0
)
select
    id as "Id", name as "Name", 'www.' || domain as "Website",
    industry as "Industry", employees as "NumberOfEmployees", revenue as "AnnualRevenue",
    currency as "CurrencyIsoCode", country as "BillingCountry",
    if(exists (from opportunities o where o.account = listed.account and o.is_won),
        'Customer', 'Prospect') as "Type",
    null as "ParentId", master_id as "MasterRecordId", {_OWNER} as "OwnerId",
    instant(account_created_at) as "CreatedDate",
    instant(account_created_at + 3600) as "SystemModstamp", is_deleted as "IsDeleted"
from listed
join users on users.number = account % 12
order by is_deleted, account
"""

# Copies of contacts and leads are rarer, and were merged away in the same manner.
_CONTACTS = f"""
with listed as (
    select *, contact_id as id, null as master_id, false as is_deleted from people
    where contact_created_at >= 0
    union all
    select *, contact_double_id, contact_id, true from people
    where contact_created_at >= 0 and person % 131 = 0
)
select
    id as "Id", accounts.salesforce_id as "AccountId", email as "Email",
    first_name as "FirstName", last_name as "LastName", title as "Title",
    if(person % 5 < 3, '+49 30 ' || phone, null) as "Phone",
    accounts.country as "MailingCountry", sources.crm_source as "LeadSource",
    is_opted_out as "HasOptedOutOfEmail", master_id as "MasterRecordId", {_OWNER} as "OwnerId",
    instant(contact_created_at) as "CreatedDate",
    instant(greatest(contact_created_at, opportunity_at)) as "SystemModstamp",
    is_deleted as "IsDeleted"
from listed
join accounts using (account)
join users on users.number = account % 12
left join sources using (person)
order by is_deleted, person
"""

_LEADS = f"""
with listed as (
    select *, lead_id as id, null as master_id, false as is_deleted from people
    where lead_created_at >= 0
    union all
    select *, lead_double_id, lead_id, true from people
    where lead_created_at >= 0 and person % 97 = 0
)
select
    id as "Id", email as "Email", first_name as "FirstName", last_name as "LastName",
    accounts.name as "Company", title as "Title",
    if(person % 5 < 3, '+49 30 ' || phone, null) as "Phone", accounts.country as "Country",
    sources.crm_source as "LeadSource",
    if(converted_at >= 0 and not is_deleted, 'Closed - Converted', 'Working - Contacted')
        as "Status",
    converted_at >= 0 and not is_deleted as "IsConverted",
    if("IsConverted", day_of(converted_at), null) as "ConvertedDate",
    if("IsConverted", contact_id, null) as "ConvertedContactId",
    if("IsConverted", accounts.salesforce_id, null) as "ConvertedAccountId",
    if("IsConverted" and ordinal = 0, first_opportunities.salesforce_id, null)
        as "ConvertedOpportunityId",
    master_id as "MasterRecordId", {_OWNER} as "OwnerId",
    instant(lead_created_at) as "CreatedDate",
    instant(greatest(lead_created_at + 60, converted_at)) as "SystemModstamp",
    is_deleted as "IsDeleted"
from listed
join accounts using (account)
join users on users.number = account % 12
left join sources using (person)
left join (from opportunities where kind = 0) as first_opportunities using (account)
order by is_deleted, person
"""

_LAST_CHANGES = """
select distinct on (opportunity) opportunity, stage, probability, changes.amount, closes_on,
    happened_at
from changes order by opportunity, change desc
"""
_FORECAST = """
case when stage like 'Closed%' then if(probability = 100, 'Closed', 'Omitted')
    when probability >= 75 then 'BestCase' else 'Pipeline' end
"""

# Some are entered twice; the copy is deleted once somebody notices.
_OPPORTUNITIES = f"""
with last_changes as ({_LAST_CHANGES}),
listed as (
    select *, salesforce_id as id, false as is_deleted from opportunities
    union all
    select *, double_id, true from opportunities where is_doubled
)
select
    id as "Id", accounts.salesforce_id as "AccountId",
    accounts.name || if(kind = 0, ' - platform', ' - expansion') as "Name",
    stage as "StageName", last_changes.amount::decimal(18, 2) as "Amount",
    accounts.currency as "CurrencyIsoCode", probability as "Probability",
    day_number(closes_on) as "CloseDate", is_closed as "IsClosed", is_won as "IsWon",
    {_FORECAST} as "ForecastCategory",
    if(kind = 0, 'New Business', 'Existing Business') as "Type",
    sources.crm_source as "LeadSource",
    if(opportunity % 3 = 0, campaigns.salesforce_id, null) as "CampaignId",
    {_OWNER} as "OwnerId", instant(opened_at) as "CreatedDate",
    instant(last_changes.happened_at) as "SystemModstamp", is_deleted as "IsDeleted"
from listed
join last_changes using (opportunity)
join accounts using (account)
join users on users.number = account % 12
left join (from people where ordinal = 0) as people using (account)
left join sources using (person)
left join campaigns on campaigns.campaign = sources.campaign
order by is_deleted, opportunity
"""

_CHANGES = f"""
select
    changes.salesforce_id as "Id", opportunities.salesforce_id as "OpportunityId",
    stage as "StageName", changes.amount::decimal(18, 2) as "Amount",
    accounts.currency as "CurrencyIsoCode", probability as "Probability",
    day_number(closes_on) as "CloseDate", {_FORECAST} as "ForecastCategory",
    instant(happened_at) as "CreatedDate", instant(happened_at) as "SystemModstamp",
    false as "IsDeleted"
from changes
join opportunities using (opportunity)
join accounts using (account)
order by change
"""

_ROLES = """
select
    roles.salesforce_id as "Id", opportunities.salesforce_id as "OpportunityId",
    people.contact_id as "ContactId", role as "Role", is_primary as "IsPrimary",
    instant(roles.created_at) as "CreatedDate", instant(roles.created_at) as "SystemModstamp",
    false as "IsDeleted"
from roles
join opportunities using (opportunity)
join people using (person)
order by role_number
"""

_CAMPAIGNS = f"""
select
    campaigns.salesforce_id as "Id", code as "Name", null as "ParentId", type as "Type",
    if(is_launched, if(campaigns.ends_at < period.ends_at, 'Completed', 'In Progress'), 'Planned')
        as "Status",
    day_of(campaigns.starts_at) as "StartDate", day_of(campaigns.ends_at - 1) as "EndDate",
    is_launched and campaigns.ends_at >= period.ends_at as "IsActive",
    budget::decimal(18, 2) as "BudgetedCost",
    if(is_launched, round(budget * 0.93, 2), null)::decimal(18, 2) as "ActualCost",
    'EUR' as "CurrencyIsoCode", {_OWNER} as "OwnerId",
    instant(concept_at) as "CreatedDate", instant(concept_at + 86400) as "SystemModstamp",
    false as "IsDeleted"
from campaigns
cross join period
join users on users.number = line % 12
order by campaign
"""

_MEMBERS = """
select
    members.salesforce_id as "Id", campaigns.salesforce_id as "CampaignId",
    if(by_lead, lead_id, null) as "LeadId",
    if(contact_created_at >= 0, contact_id, null) as "ContactId",
    case when touch >= 0 then 'Attended' when channels.name = 'webinar' then 'Registered'
        else 'Invited' end as "Status",
    touch >= 0 as "HasResponded", if(touch >= 0, day_of(happened_at), null) as "FirstRespondedDate",
    instant(added_at) as "CreatedDate",
    instant(greatest(added_at, if(touch >= 0, happened_at + 3600, 0))) as "SystemModstamp",
    false as "IsDeleted"
from (select * exclude (lead_created_at, converted_at, contact_created_at) from members) as members
join people using (person)
join campaigns using (campaign)
join channels on channels.channel = members.channel
order by member
"""

_TASKS = f"""
select
    tasks.salesforce_id as "Id", if(opportunity >= 0, contact_id, lead_id) as "WhoId",
    opportunities.salesforce_id as "WhatId",
    if(is_call, 'Call ', 'Re: ') || first_name || ' ' || last_name as "Subject",
    if(is_call, 'Call', 'Email') as "TaskSubtype",
    if(is_done, 'Completed', 'Not Started') as "Status", day_of(happened_at) as "ActivityDate",
    if(is_call and is_done, seconds, null) as "CallDurationInSeconds", is_done as "IsClosed",
    {_OWNER} as "OwnerId", instant(happened_at) as "CreatedDate",
    instant(happened_at + 60) as "SystemModstamp",
    false as "IsDeleted"
from tasks
join people using (person)
join users on users.number = people.account % 12
left join opportunities using (opportunity)
order by task
"""

EXPORTS = (
    Export("salesforce", "account", _ACCOUNTS),
    Export("salesforce", "contact", _CONTACTS),
    Export("salesforce", "lead", _LEADS),
    Export("salesforce", "opportunity", _OPPORTUNITIES),
    Export("salesforce", "opportunity_history", _CHANGES),
    Export("salesforce", "opportunity_contact_role", _ROLES),
    Export("salesforce", "campaign", _CAMPAIGNS),
    Export("salesforce", "campaign_member", _MEMBERS),
    Export("salesforce", "task", _TASKS),
)
